# fails: test_the_losers_have_gone_home test_as_early_as_can_be test_a_failure_stops_the_others_too test_a_caller_out_of_time_stops_them_all
# looks like: the losers were asked to stop, and nobody waited until they had
import asyncio


async def first_answer(companies, call):
    tasks = [asyncio.create_task(call(company)) for company in companies]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        for task in tasks:
            task.cancel()

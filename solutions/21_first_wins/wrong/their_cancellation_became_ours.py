# fails: test_the_losers_have_gone_home test_as_early_as_can_be test_a_failure_stops_the_others_too
# looks like: the CancelledError of a loser came out of gather, as if the caller had been cancelled
import asyncio


async def first_answer(companies, call):
    tasks = [asyncio.create_task(call(company)) for company in companies]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        losers = [task for task in tasks if task.cancel()]
        await asyncio.gather(*losers)

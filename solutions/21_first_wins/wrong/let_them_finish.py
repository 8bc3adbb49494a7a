# fails: test_as_early_as_can_be test_a_caller_out_of_time_stops_them_all
# looks like: the losers are waited for, and were never asked to stop
import asyncio


async def first_answer(companies, call):
    tasks = [asyncio.create_task(call(company)) for company in companies]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        return done.pop().result()
    finally:
        await asyncio.gather(*tasks, return_exceptions=True)

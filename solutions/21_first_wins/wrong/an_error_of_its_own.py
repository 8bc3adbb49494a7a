# fails: test_a_failure_stops_the_others_too
# looks like: the first call failed, and the caller gets another error in its place
import asyncio


async def first_answer(companies, call):
    tasks = [asyncio.create_task(call(company)) for company in companies]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    first = done.pop()
    if first.exception():
        raise ExceptionGroup("no taxi", [RuntimeError("the first company failed")])
    return first.result()

# fails: test_as_early_as_can_be
# looks like: it looks up every tenth of a second, and the answer waits until it does
import asyncio


async def first_answer(companies, call):
    tasks = [asyncio.create_task(call(company)) for company in companies]
    try:
        while not any(task.done() for task in tasks):
            await asyncio.sleep(0.1)
        return next(task for task in tasks if task.done()).result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

import asyncio


async def first_answer(companies, call):
    tasks = [asyncio.create_task(call(company)) for company in companies]
    try:
        return await next(iter(asyncio.as_completed(tasks)))
    finally:
        losers = [task for task in tasks if task.cancel()]
        if losers:
            await asyncio.wait(losers)

import asyncio


async def first_answer(companies, call):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(call(company)) for company in companies]
        done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in pending:
            task.cancel()
    return done.pop().result()

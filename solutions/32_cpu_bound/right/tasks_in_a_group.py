import asyncio


async def render(pool, draw, rows):
    async def one(row):
        return await asyncio.get_running_loop().run_in_executor(pool, draw, row)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(one(row)) for row in rows]
    return [task.result() for task in tasks]

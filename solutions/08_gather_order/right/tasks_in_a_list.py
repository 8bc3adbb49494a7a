import asyncio


async def report(ask, stations):
    tasks = [asyncio.create_task(ask(station), name=station) for station in stations]
    await asyncio.wait(tasks)
    return {task.get_name(): task.result() for task in tasks}

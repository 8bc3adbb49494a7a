import asyncio


async def dashboard(fetch, panels):
    tasks = {panel: asyncio.create_task(fetch(panel), name=panel) for panel in panels}
    await asyncio.wait(tasks.values())
    return [tasks[panel].result() for panel in panels]

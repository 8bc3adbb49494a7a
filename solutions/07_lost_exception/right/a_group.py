import asyncio


async def publish(upload, render):
    async with asyncio.TaskGroup() as group:
        group.create_task(upload())
        rendering = group.create_task(render())
    return f"on line: {rendering.result()}"

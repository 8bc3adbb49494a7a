import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    text = await render()
    await asyncio.wait([task])
    task.result()
    return f"on line: {text}"

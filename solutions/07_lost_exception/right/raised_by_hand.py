import asyncio


async def publish(upload, render):
    uploading, rendering = asyncio.create_task(upload()), asyncio.create_task(render())
    await asyncio.wait([uploading, rendering])
    for task in (uploading, rendering):
        if error := task.exception():
            raise error
    return f"on line: {rendering.result()}"

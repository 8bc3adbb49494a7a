import asyncio


async def publish(upload, render):
    _, text = await asyncio.gather(upload(), render())
    return f"on line: {text}"

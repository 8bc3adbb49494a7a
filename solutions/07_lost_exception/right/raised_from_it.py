import asyncio


class NotOnLine(Exception):
    pass


async def publish(upload, render):
    task = asyncio.create_task(upload())
    text = await render()
    try:
        await task
    except OSError as error:
        raise NotOnLine("the pictures are missing") from error
    return f"on line: {text}"

# fails: test_an_error_of_the_upload_reaches_the_caller
# looks like: a callback raises the error again, and there only the event loop hears of it
import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    task.add_done_callback(lambda task: task.result())
    text = await render()
    await asyncio.wait([task])
    return f"on line: {text}"

# fails: test_an_error_of_the_upload_reaches_the_caller
# looks like: a callback looks at the error so that Python keeps quiet, and the caller never hears of it
import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    task.add_done_callback(lambda task: task.exception())
    text = await render()
    await asyncio.wait([task])
    return f"on line: {text}"

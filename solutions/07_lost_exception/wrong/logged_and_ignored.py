# fails: test_an_error_of_the_upload_reaches_the_caller
# looks like: the error is taken out of the task and printed, and publish goes on as if all were well
import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    text = await render()
    await asyncio.wait([task])
    if task.exception():
        print("upload failed:", task.exception())
    return f"on line: {text}"

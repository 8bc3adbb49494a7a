# fails: test_an_error_of_the_upload_reaches_the_caller
# looks like: an upload that is over before the rendering is not asked how it ended
import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    text = await render()
    if not task.done():
        await task
    return f"on line: {text}"

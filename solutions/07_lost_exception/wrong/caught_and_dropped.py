# fails: test_an_error_of_the_upload_reaches_the_caller
# looks like: the error is caught and dropped, and the page says that all is well
import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    text = await render()
    try:
        await task
    except Exception:
        pass
    return f"on line: {text}"

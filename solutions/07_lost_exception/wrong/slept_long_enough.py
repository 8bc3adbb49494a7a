# fails: test_an_error_of_the_upload_reaches_the_caller test_both_run_at_the_same_time
# looks like: you wait for a while and hope that the upload is over, and never ask how it ended
import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    text = await render()
    await asyncio.sleep(20)
    assert task.done()
    return f"on line: {text}"

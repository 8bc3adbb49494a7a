# fails: test_an_error_of_the_upload_reaches_the_caller test_the_page_comes_when_both_are_over test_both_run_at_the_same_time
# looks like: publish returns while the upload may still be running
import asyncio


async def publish(upload, render):
    asyncio.create_task(upload())
    text = await render()
    return f"on line: {text}"

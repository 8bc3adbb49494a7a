# fails: test_the_page_comes_when_both_are_over test_both_run_at_the_same_time test_an_error_of_the_upload_reaches_the_caller
# looks like: the task is asked for its result before it has one
import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    text = await render()
    task.result()
    return f"on line: {text}"

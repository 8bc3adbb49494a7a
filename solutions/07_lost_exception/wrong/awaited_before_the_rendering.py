# fails: test_both_run_at_the_same_time
# looks like: the task is awaited before the rendering begins, so nothing runs at the same time
import asyncio


async def publish(upload, render):
    task = asyncio.create_task(upload())
    await task
    text = await render()
    return f"on line: {text}"

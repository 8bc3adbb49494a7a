# fails: test_both_run_at_the_same_time
# looks like: the upload is over before the rendering begins
import asyncio


async def publish(upload, render):
    await upload()
    text = await render()
    return f"on line: {text}"

# fails: test_without_a_cancellation
# looks like: the commit was waited for, and what it returned or raised did not come back
import asyncio


async def transfer(commit):
    task = asyncio.create_task(commit())
    cancelled = None
    while not task.done():
        try:
            await asyncio.wait([task])
        except asyncio.CancelledError as error:
            cancelled = error
    if cancelled:
        raise cancelled
    return "done"

# fails: test_the_cancellation_goes_on
# looks like: the commit was carried through, and the cancellation was forgotten over it
import asyncio


async def transfer(commit):
    task = asyncio.create_task(commit())
    while not task.done():
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            pass
    return task.result()

# fails: test_a_failure_stops_everything_at_once
# looks like: the failure of one copy reached the others late, or not at all
import asyncio


async def backup(next_page, copy):
    copies = []
    try:
        while page := await next_page():
            copies += [asyncio.create_task(copy(file)) for file in page]
        return await asyncio.gather(*copies)
    except Exception:
        for task in copies:
            task.cancel()
        await asyncio.gather(*copies, return_exceptions=True)
        raise

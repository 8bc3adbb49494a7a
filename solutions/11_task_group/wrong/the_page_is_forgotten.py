# fails: test_a_failure_stops_everything_at_once
# looks like: the copies are stopped, and the listing goes on for another page
import asyncio


async def backup(next_page, copy):
    copies = []
    try:
        while True:
            page = asyncio.ensure_future(next_page())
            while not page.done():
                running = [task for task in copies if not task.done()]
                await asyncio.wait([page, *running], return_when=asyncio.FIRST_COMPLETED)
                for task in copies:
                    if task.done():
                        task.result()
            if not page.result():
                return await asyncio.gather(*copies)
            copies += [asyncio.create_task(copy(file)) for file in page.result()]
    except Exception:
        for task in copies:
            task.cancel()
        await asyncio.gather(*copies, return_exceptions=True)
        raise

# fails: test_a_failure_stops_everything_at_once
# looks like: the copies are looked after until the listing is complete, and then no more
import asyncio


async def backup(next_page, copy):
    copies = []
    while True:
        page = asyncio.ensure_future(next_page())
        try:
            while not page.done():
                running = [task for task in copies if not task.done()]
                await asyncio.wait([page, *running], return_when=asyncio.FIRST_COMPLETED)
                for task in copies:
                    if task.done():
                        task.result()
            files = page.result()
        except Exception:
            for task in [page, *copies]:
                task.cancel()
            await asyncio.gather(page, *copies, return_exceptions=True)
            raise
        if not files:
            return await asyncio.gather(*copies)
        copies += [asyncio.create_task(copy(file)) for file in files]

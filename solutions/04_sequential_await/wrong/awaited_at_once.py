# fails: test_takes_as_long_as_the_slowest test_a_long_page_takes_no_longer
# looks like: each task is awaited on the line that makes it, so the next one has not been made yet
import asyncio


async def dashboard(fetch, panels):
    return [await asyncio.create_task(fetch(panel)) for panel in panels]

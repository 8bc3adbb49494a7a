# fails: test_the_work_is_done_on_the_callers_thread
# looks like: one event loop does the work, but in a thread that was made only for that
import asyncio
from concurrent.futures import ThreadPoolExecutor


async def lines(fetch, cities):
    return [f"{city}: {await fetch(city)}" for city in cities]


def main(fetch, cities):
    with ThreadPoolExecutor(1) as pool:
        return "\n".join(pool.submit(asyncio.run, lines(fetch, cities)).result())

# fails: test_one_loop_does_all_the_work test_the_work_is_done_on_the_callers_thread
# looks like: each city gets a thread with an event loop of its own
import asyncio


async def lines(fetch, cities):
    return [f"{city}: {await asyncio.to_thread(asyncio.run, fetch(city))}" for city in cities]


def main(fetch, cities):
    return "\n".join(asyncio.run(lines(fetch, cities)))

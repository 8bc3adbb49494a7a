# fails: test_prints_a_line_for_each_city test_one_loop_does_all_the_work test_the_work_is_done_on_the_callers_thread test_the_loop_is_closed_at_the_end
# looks like: a new event loop was made by hand, and it cannot run while the first one runs in the same thread
import asyncio


async def lines(fetch, cities):
    loop = asyncio.new_event_loop()
    try:
        return [f"{city}: {loop.run_until_complete(fetch(city))}" for city in cities]
    finally:
        loop.close()


def main(fetch, cities):
    return "\n".join(asyncio.run(lines(fetch, cities)))

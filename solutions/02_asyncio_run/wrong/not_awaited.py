# fails: test_prints_a_line_for_each_city test_one_loop_does_all_the_work test_the_work_is_done_on_the_callers_thread test_the_loop_is_closed_at_the_end
# looks like: what is printed is the coroutine object, not the weather
import asyncio


async def lines(fetch, cities):
    return [f"{city}: {fetch(city)}" for city in cities]


def main(fetch, cities):
    return "\n".join(asyncio.run(lines(fetch, cities)))

# fails: test_prints_a_line_for_each_city test_one_loop_does_all_the_work test_the_work_is_done_on_the_callers_thread test_the_loop_is_closed_at_the_end
# looks like: main became a coroutine, and its caller, who is ordinary code, cannot await it
async def lines(fetch, cities):
    return [f"{city}: {await fetch(city)}" for city in cities]


async def main(fetch, cities):
    return "\n".join(await lines(fetch, cities))

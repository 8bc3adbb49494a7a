# fails: test_the_loop_is_closed_at_the_end
# looks like: the event loop was made by hand, and nobody closes it
import asyncio


async def lines(fetch, cities):
    return [f"{city}: {await fetch(city)}" for city in cities]


def main(fetch, cities):
    loop = asyncio.new_event_loop()
    return "\n".join(loop.run_until_complete(lines(fetch, cities)))

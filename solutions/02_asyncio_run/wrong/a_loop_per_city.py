# fails: test_one_loop_does_all_the_work
# looks like: each city gets an event loop of its own, one after another
import asyncio


def lines(fetch, cities):
    return [f"{city}: {asyncio.run(fetch(city))}" for city in cities]


def main(fetch, cities):
    return "\n".join(lines(fetch, cities))

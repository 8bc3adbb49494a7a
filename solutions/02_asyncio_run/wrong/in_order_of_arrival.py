# fails: test_prints_a_line_for_each_city
# looks like: each line is added when its city has answered, and the quickest city comes first
import asyncio


async def lines(fetch, cities):
    found = []

    async def ask(city):
        found.append(f"{city}: {await fetch(city)}")

    await asyncio.gather(*(ask(city) for city in cities))
    return found


def main(fetch, cities):
    return "\n".join(asyncio.run(lines(fetch, cities)))

import asyncio


async def lines(fetch, cities):
    return [f"{city}: {await fetch(city)}" for city in cities]


def main(fetch, cities):
    with asyncio.Runner() as runner:
        return "\n".join(runner.run(lines(fetch, cities)))

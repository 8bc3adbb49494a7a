import asyncio


async def lines(fetch, cities):
    weather = await asyncio.gather(*map(fetch, cities))
    return [f"{city}: {sky}" for city, sky in zip(cities, weather, strict=True)]


def main(fetch, cities):
    return "\n".join(asyncio.run(lines(fetch, cities)))

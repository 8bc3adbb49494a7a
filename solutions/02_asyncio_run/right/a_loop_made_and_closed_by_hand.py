import asyncio


async def lines(fetch, cities):
    found = []
    for city in cities:
        found.append(f"{city}: {await fetch(city)}")
    return found


def main(fetch, cities):
    loop = asyncio.new_event_loop()
    try:
        return "\n".join(loop.run_until_complete(lines(fetch, cities)))
    finally:
        loop.close()

import asyncio


def main(fetch, cities):
    with asyncio.Runner() as runner:
        return "\n".join(f"{city}: {runner.run(fetch(city))}" for city in cities)

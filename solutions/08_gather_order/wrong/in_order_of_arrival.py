# fails: test_keeps_the_order_whoever_answers_first
# looks like: each temperature has its own name, but the map is in the order in which the stations answered
import asyncio


async def report(ask, stations):
    async def named(station):
        return station, await ask(station)

    return dict([await pair for pair in asyncio.as_completed([named(station) for station in stations])])

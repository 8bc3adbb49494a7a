import asyncio


async def report(ask, stations):
    async def named(station):
        return station, await ask(station)

    told = {}
    for pair in asyncio.as_completed([named(station) for station in stations]):
        station, temperature = await pair
        told[station] = temperature
    return {station: told[station] for station in stations}

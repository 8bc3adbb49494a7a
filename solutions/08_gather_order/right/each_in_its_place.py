import asyncio


async def report(ask, stations):
    told = dict.fromkeys(stations, 0)

    async def fill(station):
        told[station] = await ask(station)

    await asyncio.gather(*map(fill, stations))
    return told

# fails: test_takes_as_long_as_the_slowest_station
# looks like: the stations are asked a second time to find out which answer is whose
import asyncio


async def report(ask, stations):
    await asyncio.gather(*map(ask, stations))
    return dict(zip(stations, await asyncio.gather(*map(ask, stations)), strict=True))

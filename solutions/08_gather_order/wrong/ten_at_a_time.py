# fails: test_takes_as_long_as_the_slowest_station
# looks like: the stations are asked in groups, and each group waits for the slowest one of the group before
import asyncio


async def report(ask, stations):
    told = {}
    for first in range(0, len(stations), 10):
        group = stations[first : first + 10]
        told |= zip(group, await asyncio.gather(*map(ask, group)), strict=True)
    return told

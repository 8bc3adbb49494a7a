# fails: test_keeps_the_order_whoever_answers_first
# looks like: the map is in alphabetical order, not in the order of the stations
import asyncio


async def report(ask, stations):
    names = sorted(stations)
    return dict(zip(names, await asyncio.gather(*map(ask, names)), strict=True))

# fails: test_each_station_has_its_own_temperature test_keeps_the_order_whoever_answers_first
# looks like: the answers are sorted by temperature, and the stations are not
import asyncio


async def report(ask, stations):
    answers = await asyncio.gather(*map(ask, stations))
    return dict(zip(stations, sorted(answers), strict=True))

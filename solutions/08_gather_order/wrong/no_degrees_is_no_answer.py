# fails: test_each_station_has_its_own_temperature test_keeps_the_order_whoever_answers_first
# looks like: a temperature of 0 is taken for no answer
import asyncio


async def report(ask, stations):
    answers = await asyncio.gather(*map(ask, stations))
    return {station: degrees for station, degrees in zip(stations, answers, strict=True) if degrees}

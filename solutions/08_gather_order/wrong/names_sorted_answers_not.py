# fails: test_each_station_has_its_own_temperature test_keeps_the_order_whoever_answers_first
# looks like: the names are sorted and the answers are not, so they do not belong together any more
import asyncio


async def report(ask, stations):
    answers = await asyncio.gather(*map(ask, stations))
    return dict(sorted(zip(sorted(stations), answers, strict=True), key=lambda pair: stations.index(pair[0])))

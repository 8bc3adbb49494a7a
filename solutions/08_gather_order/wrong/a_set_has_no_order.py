# fails: test_each_station_has_its_own_temperature test_keeps_the_order_whoever_answers_first
# looks like: asyncio.wait gives a set of tasks, and a set has no order
import asyncio


async def report(ask, stations):
    done, _ = await asyncio.wait([asyncio.create_task(ask(station)) for station in stations])
    return dict(zip(stations, [task.result() for task in done], strict=True))

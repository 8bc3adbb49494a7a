# fails: test_every_reading_is_shown_when_it_comes test_a_sensor_in_a_hurry_starves_nobody test_the_newest_is_shown_and_the_rest_is_counted
# looks like: each sensor is asked when its turn comes, and the slowest one holds up all the others
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    live = dict(sensors)
    try:
        while live:
            for name, readings in list(live.items()):
                try:
                    reading = await anext(readings)
                except StopAsyncIteration:
                    del live[name]
                else:
                    await show(name, reading)
    finally:
        for readings in live.values():
            await readings.aclose()

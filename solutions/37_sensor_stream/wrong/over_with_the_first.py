# fails: test_every_reading_is_shown_when_it_comes test_a_sensor_in_a_hurry_starves_nobody test_the_newest_is_shown_and_the_rest_is_counted
# looks like: the first sensor that ends, ends it for all
"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    newest, turns = {}, asyncio.Queue()

    async def listen(name, readings):
        async for reading in readings:
            if name in newest:
                lost[name] += 1
            else:
                turns.put_nowait(name)
            newest[name] = reading
        turns.put_nowait(None)

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(listen(name, readings)) for name, readings in sensors.items()]
        while sensors and (name := await turns.get()) is not None:
            await show(name, newest.pop(name))
        for task in tasks:
            task.cancel()

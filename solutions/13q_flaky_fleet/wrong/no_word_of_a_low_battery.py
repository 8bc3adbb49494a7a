# fails: test_a_low_battery_concerns_nobody_else
# looks like: a drone that came back with a low battery is not in the result at all
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    pictures = {}

    async def flight(drone):
        try:
            pictures[drone] = await fly(drone)
        except* LowBattery:
            pass

    async with asyncio.TaskGroup() as group:
        for drone in drones:
            group.create_task(flight(drone))
    return pictures

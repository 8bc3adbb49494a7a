# fails: test_a_low_battery_concerns_nobody_else
# looks like: one low battery called the whole fleet back, because it was caught around all the flights
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    pictures = dict.fromkeys(drones)

    async def flight(drone):
        pictures[drone] = await fly(drone)

    try:
        async with asyncio.TaskGroup() as group:
            for drone in drones:
                group.create_task(flight(drone))
    except* LowBattery:
        pass
    return pictures

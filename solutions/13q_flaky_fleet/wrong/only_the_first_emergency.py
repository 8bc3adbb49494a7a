# fails: test_every_emergency_goes_on_and_no_low_battery
# looks like: what went wrong after the first emergency was not told
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    pictures = dict.fromkeys(drones)

    async def flight(drone):
        try:
            pictures[drone] = await fly(drone)
        except* LowBattery:
            pass

    try:
        async with asyncio.TaskGroup() as group:
            for drone in drones:
                group.create_task(flight(drone))
    except ExceptionGroup as emergencies:
        raise emergencies.exceptions[0]
    return pictures

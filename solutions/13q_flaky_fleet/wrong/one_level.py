# fails: test_a_low_battery_concerns_nobody_else test_every_emergency_goes_on_and_no_low_battery
# looks like: a low battery inside a group was not recognised
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    pictures = dict.fromkeys(drones)

    async def flight(drone):
        try:
            pictures[drone] = await fly(drone)
        except LowBattery:
            pass
        except ExceptionGroup as group:
            rest = [error for error in group.exceptions if not isinstance(error, LowBattery)]
            if rest:
                raise ExceptionGroup(group.message, rest)

    async with asyncio.TaskGroup() as group:
        for drone in drones:
            group.create_task(flight(drone))
    return pictures

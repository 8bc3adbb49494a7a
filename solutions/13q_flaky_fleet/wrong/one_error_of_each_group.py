# fails: test_every_emergency_goes_on_and_no_low_battery
# looks like: of several emergencies in one group, only one was told
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    async def flight(drone):
        try:
            return await fly(drone)
        except LowBattery:
            return None
        except ExceptionGroup as group:
            _, rest = group.split(LowBattery)
            if rest:
                raise rest.exceptions[0] from None

    async with asyncio.TaskGroup() as group:
        flights = {drone: group.create_task(flight(drone)) for drone in drones}
    return {drone: task.result() for drone, task in flights.items()}

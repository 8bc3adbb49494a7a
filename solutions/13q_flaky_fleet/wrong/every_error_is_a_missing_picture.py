# fails: test_an_emergency_calls_everybody_back test_every_emergency_goes_on_and_no_low_battery
# looks like: an emergency called nobody back
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    async def flight(drone):
        try:
            return await fly(drone)
        except Exception:
            return None

    async with asyncio.TaskGroup() as group:
        flights = {drone: group.create_task(flight(drone)) for drone in drones}
    return {drone: task.result() for drone, task in flights.items()}

# fails: test_all_fly_at_the_same_time
# looks like: an empty picture was taken for no picture
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    async def flight(drone):
        try:
            return await fly(drone)
        except* LowBattery:
            pass

    async with asyncio.TaskGroup() as group:
        flights = {drone: group.create_task(flight(drone)) for drone in drones}
    return {drone: task.result() or None for drone, task in flights.items()}

import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    async def flight(drone):
        try:
            return await fly(drone)
        except LowBattery:
            return None
        except ExceptionGroup as group:
            _, emergency = group.split(LowBattery)
            if emergency:
                raise emergency from None
            return None

    async with asyncio.TaskGroup() as group:
        flights = {drone: group.create_task(flight(drone)) for drone in drones}
    return {drone: task.result() for drone, task in flights.items()}

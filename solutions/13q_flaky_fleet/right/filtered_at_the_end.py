import asyncio


class LowBattery(Exception): ...


def only_low_batteries(error):
    if isinstance(error, ExceptionGroup):
        return all(only_low_batteries(part) for part in error.exceptions)
    return isinstance(error, LowBattery)


async def survey(fly, drones):
    async def flight(drone):
        try:
            return await fly(drone)
        except Exception as error:
            if only_low_batteries(error):
                return None
            raise

    try:
        async with asyncio.TaskGroup() as group:
            flights = [group.create_task(flight(drone)) for drone in drones]
    except* LowBattery:
        pass
    return dict(zip(drones, [task.result() for task in flights]))

import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    pictures = dict.fromkeys(drones)

    async def flight(drone):
        try:
            pictures[drone] = await fly(drone)
        except* LowBattery:
            pictures[drone] = None

    flights = [asyncio.create_task(flight(drone)) for drone in drones]
    _, flying = await asyncio.wait(flights, return_when=asyncio.FIRST_EXCEPTION)
    for task in flying:
        task.cancel()
    endings = await asyncio.gather(*flights, return_exceptions=True)
    emergencies = [ending for ending in endings if isinstance(ending, Exception)]
    if emergencies:
        raise ExceptionGroup("emergencies", emergencies)
    return pictures

# fails: test_every_emergency_goes_on_and_no_low_battery
# looks like: an error is passed on if it was the first; what happens to the others on their way back is not looked at
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    async def flight(drone):
        try:
            return await fly(drone)
        except* LowBattery:
            pass

    flights = [asyncio.create_task(flight(drone)) for drone in drones]
    _, in_the_air = await asyncio.wait(flights, return_when=asyncio.FIRST_EXCEPTION)
    for each in in_the_air:
        each.cancel()
    await asyncio.gather(*in_the_air, return_exceptions=True)
    return dict(zip(drones, [each.result() for each in flights if not each.cancelled()]))

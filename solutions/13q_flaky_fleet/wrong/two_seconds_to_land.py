# fails: test_an_emergency_calls_everybody_back test_every_emergency_goes_on_and_no_low_battery
# looks like: everybody is called back, and two seconds later taken to have landed
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    async def flight(drone):
        try:
            return await fly(drone)
        except* LowBattery:
            pass

    flights = [asyncio.create_task(flight(drone)) for drone in drones]
    try:
        return dict(zip(drones, await asyncio.gather(*flights)))
    except Exception:
        for each in flights:
            each.cancel()
        await asyncio.sleep(2)
        landed = [each for each in flights if each.done() and not each.cancelled()]
        raise ExceptionGroup("emergencies", [each.exception() for each in landed if each.exception()])

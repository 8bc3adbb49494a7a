# fails: test_an_emergency_calls_everybody_back test_every_emergency_goes_on_and_no_low_battery
# looks like: an emergency called nobody back
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    async def flight(drone):
        try:
            return await fly(drone)
        except* LowBattery:
            pass

    return dict(zip(drones, await asyncio.gather(*(flight(drone) for drone in drones))))

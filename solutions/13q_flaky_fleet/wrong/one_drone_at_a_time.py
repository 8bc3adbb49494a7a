# fails: test_an_emergency_calls_everybody_back test_every_emergency_goes_on_and_no_low_battery test_all_fly_at_the_same_time
# looks like: each drone took off only when the one before it was back
import asyncio


class LowBattery(Exception): ...


async def survey(fly, drones):
    pictures = dict.fromkeys(drones)
    for drone in drones:
        try:
            pictures[drone] = await fly(drone)
        except* LowBattery:
            pass
    return pictures

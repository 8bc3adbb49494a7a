# fails: test_every_emergency_goes_on_and_no_low_battery
# looks like: a low battery of a drone that was called back was taken for an emergency
import asyncio


class LowBattery(Exception): ...


def emergency(error):
    if isinstance(error, ExceptionGroup):
        return error.split(LowBattery)[1]
    return None if isinstance(error, LowBattery) else error


async def survey(fly, drones):
    flights = {drone: asyncio.create_task(fly(drone)) for drone in drones}
    flying, emergencies = set(flights.values()), []
    while flying and not emergencies:
        landed, flying = await asyncio.wait(flying, return_when=asyncio.FIRST_COMPLETED)
        emergencies = [error for flight in landed if (error := emergency(flight.exception()))]
    for flight in flying:
        flight.cancel()
    answers = await asyncio.gather(*flying, return_exceptions=True)
    emergencies += [answer for answer in answers if isinstance(answer, Exception)]
    if emergencies:
        raise ExceptionGroup("emergencies", emergencies)
    return {drone: None if flight.exception() else flight.result() for drone, flight in flights.items()}

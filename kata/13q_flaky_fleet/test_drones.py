import asyncio

import pytest
from drones import LowBattery, survey

Ending = str | Exception


def leaves(error: BaseException) -> list[BaseException]:
    if isinstance(error, BaseExceptionGroup):
        return [leaf for part in error.exceptions for leaf in leaves(part)]
    return [error]


class Fleet:
    """Each flight takes its own seconds and ends with a picture or an error; called back, it lands in `landing` s."""

    def __init__(self, **flights: tuple[float, Ending]) -> None:
        self.flights = flights
        self.landing = 2.0
        self.flying: set[str] = set()
        self.after_landing: dict[str, Exception] = {}
        self.pictures: dict[str, str | None] = {}
        self.emergencies: set[BaseException] = set()

    async def fly(self, drone: str) -> str:
        self.flying.add(drone)
        seconds, ending = self.flights[drone]
        try:
            await asyncio.sleep(seconds)
        except asyncio.CancelledError:
            await asyncio.sleep(self.landing)
            if drone in self.after_landing:
                raise self.after_landing[drone] from None
            raise
        finally:
            self.flying.remove(drone)
        if isinstance(ending, Exception):
            raise ending
        return ending

    async def survey(self) -> list[str]:
        """Who was still flying when survey() was over."""
        try:
            self.pictures = await survey(self.fly, list(self.flights))
        except Exception as error:
            self.emergencies = set(leaves(error))
        flying = sorted(self.flying)
        await asyncio.sleep(60)
        return flying


async def test_a_low_battery_concerns_nobody_else():
    low = ExceptionGroup("rotors", [LowBattery("left"), ExceptionGroup("rear", [LowBattery("rear")])])
    fleet = Fleet(ada=(3, "cliffs"), bob=(1, LowBattery("main")), cleo=(2, low), dee=(4, "port"))
    await fleet.survey()
    assert fleet.emergencies == set(), f"low batteries are no emergency, and yet the caller got {fleet.emergencies}"
    pictures = {"ada": "cliffs", "bob": None, "cleo": None, "dee": "port"}
    assert fleet.pictures == pictures, f"bob and cleo had low batteries, and the pictures are {fleet.pictures}"


@pytest.mark.parametrize("landing", [0.5, 3.0])
async def test_an_emergency_calls_everybody_back(stopwatch, landing):
    fleet = Fleet(ada=(30, "cliffs"), bob=(5, OSError("bird")), cleo=(40, "beach"), dee=(1, "port"))
    fleet.landing = landing
    with stopwatch() as run:
        flying = await fleet.survey()
    over = run.elapsed - 60
    assert flying == [], f"bob had an emergency and survey() was over, but still in the air: {', '.join(flying)}"
    assert over == 5 + landing, f"bob's emergency was at 5 s, landing takes {landing} s: survey() was over at {over} s"


async def test_every_emergency_goes_on_and_no_low_battery():
    bird, fog, storm = OSError("bird"), OSError("fog"), OSError("storm")
    mixed = ExceptionGroup("bob", [LowBattery("main"), ExceptionGroup("rotors", [bird, LowBattery("left")]), fog])
    fleet = Fleet(ada=(30, "cliffs"), bob=(5, mixed), cleo=(40, "beach"))
    fleet.after_landing = {"ada": LowBattery("main"), "cleo": storm}
    await fleet.survey()
    assert fleet.emergencies == {bird, fog, storm}, f"a bird, fog and later a storm: the caller got {fleet.emergencies}"


async def test_all_fly_at_the_same_time(stopwatch):
    fleet = Fleet(ada=(3, "cliffs"), bob=(6, "beach"), cleo=(2, ""))
    with stopwatch() as run:
        pictures = await survey(fleet.fly, ["ada", "bob", "cleo"])
    taken = {"ada": "cliffs", "bob": "beach", "cleo": ""}  # an empty picture is a picture
    assert pictures == taken, f"the pictures taken are {taken}, and survey() gave {pictures}"
    assert run.elapsed == 6.0, f"the longest flight takes 6 s, nobody waits for another, and it took {run.elapsed} s"

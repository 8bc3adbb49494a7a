import asyncio
from itertools import zip_longest

import pytest
from breakfast import PREDICTION, breakfast


class Kitchen:
    """Boils and lays the table, each in its own number of seconds, and keeps a log."""

    def __init__(self, boil: float, lay: float, water: str = "hot water") -> None:
        self.seconds = {"boil": boil, "lay": lay}
        self.water = water
        self.log: list[str] = []

    async def boil(self) -> str:
        self.log.append("kettle on")
        await asyncio.sleep(self.seconds["boil"])
        self.log.append("water boils")
        return self.water

    async def lay(self) -> None:
        self.log.append("laying the table")
        await asyncio.sleep(self.seconds["lay"])
        self.log.append("table laid")

    async def breakfast(self) -> object:
        [outcome] = await asyncio.gather(breakfast(self.boil, self.lay, self.log.append), return_exceptions=True)
        return outcome


async def test_happens_as_predicted():
    kitchen = Kitchen(boil=3, lay=1)
    await kitchen.breakfast()
    for number, (expected, seen) in enumerate(zip_longest(PREDICTION, kitchen.log, fillvalue="nothing"), start=1):
        assert expected == seen, f"line {number}: you expected {expected!r}, and what happened was {seen!r}"


@pytest.mark.parametrize(("boil", "lay", "water"), [(3, 1, "hot water"), (1, 3, "rain water"), (7, 2, "soup")])
async def test_the_tea_is_made_with_the_water(boil, lay, water):
    kitchen = Kitchen(boil, lay, water)
    outcome = await kitchen.breakfast()
    assert outcome == f"tea with {water}", f"kettle {boil} s, table {lay} s, and breakfast gave {outcome!r}"
    assert kitchen.log[-1] == "tea is poured", f"pouring the tea comes last, and the log says {kitchen.log}"


@pytest.mark.parametrize(("boil", "lay"), [(3.14159, 1), (1, 3), (7.65432, 2)])
async def test_kettle_and_table_at_the_same_time(stopwatch, boil, lay):
    with stopwatch() as run:
        await Kitchen(boil, lay).breakfast()
    assert run.elapsed == max(boil, lay), f"kettle {boil} s, table {lay} s, and breakfast took {run.elapsed} s"

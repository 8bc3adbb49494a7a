import asyncio

import pytest
from parcels import ParcelError, TooLate, WrongAddress, hand_over


class NoHouseNumber(WrongAddress):
    """A special kind of wrong address: it goes where the wrong addresses go."""


class Lost(ParcelError):
    """Nothing that hand_over() can deal with."""


def leaves(error: Exception) -> list[Exception]:
    if isinstance(error, ExceptionGroup):
        return [leaf for part in error.exceptions for leaf in leaves(part)]
    return [error]


class Day:
    """Sends one batch that ends with `errors`, and keeps what became of each."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = errors
        self.tomorrow: list[str] = []
        self.ask: list[str] = []
        self.went_on: list[Exception] = []

    async def send(self) -> None:
        await asyncio.sleep(1)
        if self.errors:
            raise ExceptionGroup(f"{len(self.errors)} problems with this batch", self.errors)

    async def work(self) -> None:
        try:
            await hand_over(self.send, self.tomorrow, self.ask)
        except Exception as error:
            self.went_on = leaves(error)


async def test_each_list_gets_its_parcels():
    day = Day(TooLate("vase"), WrongAddress("lamp"), TooLate("book"), WrongAddress("sofa"), TooLate("tent"))
    await day.work()
    assert (sorted(day.tomorrow), sorted(day.ask)) == (["book", "tent", "vase"], ["lamp", "sofa"]), (
        f"of 3 late parcels and 2 wrong addresses, {len(day.tomorrow)} and {len(day.ask)} were put on their lists"
    )


async def test_the_rest_goes_on_and_nothing_else():
    day = Day(TooLate("vase"), cup := Lost("cup"), NoHouseNumber("sofa"), van := OSError("the van broke down"))
    await day.work()
    assert set(day.went_on) == {cup, van}, f"only Lost and OSError have no list; the caller got {day.went_on}"
    assert day.ask == ["sofa"], (
        f"NoHouseNumber is a kind of WrongAddress; `ask` should hold the sofa, and holds {day.ask}"
    )
    day = Day(TooLate("vase"), NoHouseNumber("sofa"))
    await day.work()
    assert day.went_on == [], f"each of these errors has its list, and yet the caller got {day.went_on}"


async def test_a_batch_of_surprises_goes_on():
    day = Day(OSError("the van broke down"), KeyError("scanner"))
    await day.work()
    assert set(day.went_on) == set(day.errors), f"no list takes these two errors; the caller got {day.went_on}"
    assert (day.tomorrow, day.ask) == ([], [])


async def test_a_cancellation_goes_on():
    task = asyncio.create_task(Day().work())
    await asyncio.sleep(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task

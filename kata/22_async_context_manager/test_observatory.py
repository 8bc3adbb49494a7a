import asyncio

import pytest
from observatory import opened


class BrokenCable(Exception):
    pass


class Dome:
    """Opens in 3 s, closes in 2 s, and remembers what it did."""

    def __init__(self, stuck: bool = False) -> None:
        self.stuck = stuck
        self.did: list[str] = []

    async def open(self) -> None:
        await asyncio.sleep(3)
        if self.stuck:
            raise BrokenCable("the dome did not open")
        self.did.append("opened")

    async def close(self) -> None:
        await asyncio.sleep(2)
        self.did.append("closed")


async def observe(dome: Dome, seconds: float, error: Exception | None = None) -> None:
    async with opened(dome) as the_dome:
        assert the_dome is dome, f"`async with opened(dome) as the_dome` gave {the_dome!r}"
        await asyncio.sleep(seconds)
        dome.did.append("observed")
        if error:
            raise error


@pytest.mark.parametrize(("east", "west"), [(1, 9), (7, 2)])
async def test_opens_and_closes_each_dome(stopwatch, east, west):
    domes = Dome(), Dome()
    with stopwatch() as run:
        await asyncio.gather(observe(domes[0], east), observe(domes[1], west))
    assert [dome.did for dome in domes] == [["opened", "observed", "closed"]] * 2
    assert run.elapsed == 3 + max(east, west) + 2, "two domes, each opening in 3 s and closing in 2 s, at the same time"


async def test_closes_after_an_error():
    dome, error = Dome(), BrokenCable("no picture")
    [raised] = await asyncio.gather(observe(dome, 1, error), return_exceptions=True)
    assert dome.did == ["opened", "observed", "closed"], (
        f"the block ended with an error, and all that the dome did is {dome.did}"
    )
    assert raised is error, f"{error!r} happened in the block, and {raised!r} came out of it"


async def cancelled_after(seconds: float, dome: Dome) -> asyncio.Task[None]:
    night = asyncio.create_task(observe(dome, 60))
    await asyncio.sleep(seconds)
    night.cancel()
    await asyncio.wait([night])
    return night


async def test_closes_after_a_cancellation():
    dome = Dome()
    night = await cancelled_after(10, dome)
    assert dome.did == ["opened", "closed"], f"the block was cancelled, and all that the dome did is {dome.did}"
    assert night.cancelled(), "the night was cancelled, and its task does not know"


async def test_does_not_close_what_never_opened():
    dome = Dome(stuck=True)
    with pytest.raises(BrokenCable):
        await observe(dome, 1)
    assert dome.did == [], f"the dome never opened, and all the same it did {dome.did}"


async def test_does_not_close_what_was_still_opening():
    dome = Dome()
    await cancelled_after(1, dome)
    assert dome.did == [], f"the night was cancelled before the dome was open, and all the same it did {dome.did}"

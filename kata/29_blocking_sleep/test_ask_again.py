import asyncio

import pytest
from ask_again import ask_again


class Weather:
    """Refuses so many times, then answers. Each try takes half a second."""

    def __init__(self, refusals: int) -> None:
        self.refusals = refusals
        self.asked = 0

    async def ask(self) -> str:
        self.asked += 1
        await asyncio.sleep(0.5)
        if self.asked <= self.refusals:
            raise ConnectionError(f"refusal {self.asked}")
        return f"sunny, says try {self.asked}"


async def heart(beats: list[float]) -> None:
    """Beat every quarter of a second, and note how many seconds after the start."""
    start = asyncio.get_running_loop().time()
    for _ in range(8):
        await asyncio.sleep(0.25)
        beats.append(asyncio.get_running_loop().time() - start)


async def test_the_heart_beats_on():
    beats = []
    await asyncio.gather(heart(beats), ask_again(Weather(refusals=1).ask, [1.0]))
    assert beats == [0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 1.75, 2.0], f"a beat was due every 0.25 s; they came at {beats}"


CASES = [(0, [1.0], 0.5), (1, [0.25, 4.0], 1.25), (2, [1.0, 0.25], 2.75)]


@pytest.mark.parametrize(("refusals", "pauses", "seconds"), CASES)
async def test_pauses_as_long_as_it_was_told(stopwatch, refusals, pauses, seconds):
    weather = Weather(refusals)
    with stopwatch() as run:
        answer = await ask_again(weather.ask, pauses)
    assert answer == f"sunny, says try {refusals + 1}"
    due = f"{refusals} refusals, pauses of {pauses} s, and 0.5 s a try are {seconds} s"
    clock = "on the event loop's clock, which a thread that sleeps does not move"
    assert run.elapsed == seconds, f"{due}; it took {run.elapsed} s {clock}"


async def test_five_callers_pause_at_the_same_time(stopwatch):
    with stopwatch() as run:
        await asyncio.gather(*(ask_again(Weather(refusals=1).ask, [1.0]) for _ in range(5)))
    took = f"it took {run.elapsed} s on the event loop's clock, which a thread that sleeps does not move"
    assert run.elapsed == 2.0, f"one caller takes 2.0 s, and so do five at the same time; {took}"


async def test_the_last_refusal_goes_to_the_caller():
    weather = Weather(refusals=99)
    [outcome] = await asyncio.gather(ask_again(weather.ask, [0.25, 0.25]), return_exceptions=True)
    assert weather.asked == 3, f"with two pauses there are three tries, and the service was asked {weather.asked} times"
    last = isinstance(outcome, ConnectionError) and str(outcome) == "refusal 3"
    assert last, f"three tries were refused, the last one with 'refusal 3', and the caller got {outcome!r}"


async def test_any_other_error_goes_to_the_caller_at_once():
    tries = []

    async def ask() -> str:
        tries.append("try")
        raise LookupError("no such town")

    [outcome] = await asyncio.gather(ask_again(ask, [0.25, 0.25]), return_exceptions=True)
    assert isinstance(outcome, LookupError), f"the service knows no such town, and the caller got {outcome!r}"
    assert len(tries) == 1, f"only a ConnectionError is worth another try, and the service was asked {len(tries)} times"

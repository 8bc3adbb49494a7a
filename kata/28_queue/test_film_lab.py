import asyncio
from heapq import heapreplace

import pytest
from film_lab import lab
from hypothesis import given, strategies as st


class Day:
    """Films that are all there at once, or one by one, and a darkroom that counts."""

    def __init__(self, films: dict[str, int], *, torn: str | None = None, one_by_one: bool = False) -> None:
        self.seconds, self.torn, self.one_by_one = films, torn, one_by_one
        self.brought = self.in_flight = self.peak = self.most_open = 0
        self.developed: list[str] = []

    def __aiter__(self):
        return self

    async def __anext__(self) -> str:
        if self.one_by_one:
            await asyncio.sleep(0)
        if self.brought == len(self.seconds):
            raise StopAsyncIteration
        self.brought += 1
        self.most_open = max(self.most_open, self.brought - len(self.developed))
        return list(self.seconds)[self.brought - 1]

    async def develop(self, film: str) -> None:
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(self.seconds[film])
            if film == self.torn:
                raise ValueError(film)
            self.developed.append(film)
        finally:
            self.in_flight -= 1


def when_done(seconds: list[int], workers: int) -> list[int]:
    """When each film is done, if it goes to the worker who is free first."""
    done, free_at = [], [0] * workers
    for wait in seconds:
        done.append(free_at[0] + wait)
        heapreplace(free_at, done[-1])
    return done


names = st.text("abc", max_size=3)  # a film with an empty name is a film


@given(st.dictionaries(names, st.integers(1, 9), max_size=9), st.integers(1, 3), st.integers(1, 3))
async def test_every_film_once_and_not_too_many_at_a_time(films, workers, room):
    day = Day(films)
    await lab(day, day.develop, workers, room)
    assert sorted(day.developed) == sorted(films), f"of {sorted(films)}, these were developed: {sorted(day.developed)}"
    assert day.peak <= workers, f"{workers} can work at a time, and {day.peak} films were in the darkroom"


@given(st.integers(1, 3), st.integers(1, 4))
async def test_no_more_comes_in_than_there_is_room_for(workers, room):
    day = Day({f"film {number}": 1 for number in range(20)})
    await lab(day, day.develop, workers, room)
    most = workers + room + 1  # in work, on the table, and one in the hand that waits for a free place
    assert day.most_open <= most, f"{workers} in work, {room} on the table, and {day.most_open} films were inside"


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.integers(1, 4), st.integers(1, 3))
async def test_nobody_stands_idle(stopwatch, seconds, workers, room):
    with stopwatch() as run:
        day = Day({f"film {number}": wait for number, wait in enumerate(seconds)})
        await lab(day, day.develop, workers, room)
    best = max(when_done(seconds, workers))
    assert run.elapsed == best, f"{workers} at a time, films of {seconds} s: {best} s do, and it took {run.elapsed} s"


@given(st.integers(1, 3), st.integers(0, 8))
async def test_a_torn_film_stops_the_lab_and_is_reported(stopwatch, workers, torn):
    day = Day({f"film {number}": number % 3 + 1 for number in range(9)}, torn=f"film {torn}")
    at = when_done(list(day.seconds.values())[: torn + 1], workers)[-1]
    try:
        with stopwatch() as run, pytest.raises((ExceptionGroup, ValueError)) as caught:
            await lab(day, day.develop, workers, 2)
    finally:
        assert not day.in_flight, f"the lab was left, and {day.in_flight} films were still in the darkroom"
    error = caught.value
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    assert str(error) == day.torn, f"{day.torn} was torn, and {error!r} was reported"
    assert run.elapsed == at, f"{day.torn} was torn after {at} s, and the lab ended after {run.elapsed} s"


@pytest.mark.redloop(schedules=100)  # in every order in which those who work and those who bring can take their turns
async def test_an_empty_table_is_not_the_end_of_the_day():
    day = Day(dict.fromkeys(["cat", "dog", "elk"], 0), one_by_one=True)
    await lab(day, day.develop, 2, 1)
    done = sorted(day.developed)
    assert done == ["cat", "dog", "elk"], f"cat, dog and elk came one by one, and when the lab closed it had done {done}"

import asyncio

import pytest
from hypothesis import example, given, strategies as st
from mountain_tour import Tour


async def walk(tour: Tour, days: list[int], start: float, diary: list[tuple[int, float, float]]) -> None:
    """Arrive at each hut after so many thirds of a minute, and note which day, when in and when out."""
    loop = asyncio.get_running_loop()
    for day, thirds in enumerate(days):
        await asyncio.sleep(thirds / 3)
        came = loop.time() - start
        await tour.hut()
        diary.append((day, came, loop.time() - start))


@given(st.lists(st.integers(0, 9), min_size=1, max_size=5), st.integers(0, 9))
async def test_the_gate_lets_all_through_when_it_opens(arrivals, opening):
    tour, loop = Tour(len(arrivals)), asyncio.get_running_loop()
    start, through = loop.time(), []

    async def come(thirds: int) -> None:
        await asyncio.sleep(thirds / 3)
        await tour.gate()
        await tour.gate()  # it stays open
        through.append((thirds, round((loop.time() - start) * 3, 6)))

    tasks = [asyncio.create_task(come(thirds)) for thirds in arrivals]
    await asyncio.sleep(opening / 3)
    tour.open_gate()
    _, stuck = await asyncio.wait(tasks, timeout=100)
    assert not [task.cancel() for task in stuck], f"the gate is open, and {len(stuck)} of {len(tasks)} still wait"
    for came, went in through:
        best = max(came, opening)
        assert went == best, f"opened at {opening}/3, came at {came}/3: through at {best}/3, and it was {went}/3"


three_days = st.lists(st.integers(0, 9), min_size=3, max_size=3)


@given(st.lists(three_days, min_size=1, max_size=4))
@example([[1, 1, 1], [2, 2, 2]])
async def test_all_go_on_when_the_last_one_is_there(plans):
    tour, diary = Tour(len(plans)), []
    start = asyncio.get_running_loop().time()
    tasks = [asyncio.create_task(walk(tour, days, start, diary)) for days in plans]
    _, stuck = await asyncio.wait(tasks, timeout=100)
    assert not [task.cancel() for task in stuck], f"all {len(tasks)} have come, and {len(stuck)} still wait in a hut"
    for number in range(len(plans[0])):
        last = max(came for day, came, _ in diary if day == number)
        left = [left for day, _, left in diary if day == number]
        late = [f"{at - last:+.2f}" for at in left if abs(at - last) > 1e-6]
        assert not late, f"day {number + 1}: some left {' and '.join(late)} minutes before or after the last one came"


@given(st.integers(2, 5))
async def test_nobody_leaves_while_one_is_missing(walkers):
    tour, diary = Tour(walkers), []
    start = asyncio.get_running_loop().time()
    tasks = [asyncio.create_task(walk(tour, [1, 1], start, diary)) for _ in range(walkers - 1)]
    await asyncio.wait(tasks, timeout=50)
    left = len(diary)
    await asyncio.wait([*tasks, last := asyncio.create_task(walk(tour, [1, 1], start, diary))], timeout=100)
    stuck = [task.cancel() for task in [*tasks, last] if not task.done()]
    assert not left, f"one of {walkers} walkers was still on the way, and {left} times somebody left a hut"
    assert not stuck, f"the last of {walkers} has come, and {len(stuck)} still wait in a hut"


@pytest.mark.redloop(schedules=200)
async def test_the_quick_ones_do_not_slip_through():
    """In every order of three walkers, who come to the next hut at once."""
    tour, came = Tour(3), [0, 0, 0]

    async def walker() -> None:
        for day in range(3):
            came[day] += 1
            await tour.hut()
            assert came[day] == 3, f"day {day + 1}: {came[day]} of 3 had come when somebody left the hut"

    await asyncio.gather(walker(), walker(), walker())

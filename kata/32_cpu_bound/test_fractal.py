import asyncio
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor

import pytest
from fractal import render

# Python warns of starting a process by fork while threads run. Ours only watch.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
meeting = None  # where two workers meet; each worker has it from its start, this process does not


def come_to(place) -> None:
    global meeting
    meeting = place


def draw(row: int) -> tuple[int, int, bool]:
    """The row, the process that drew it, and whether another one was drawn at the same time."""
    if row < 0:
        raise ValueError(f"there is no row {row}")
    try:
        together = meeting is not None and meeting.wait(timeout=1) >= 0
    except threading.BrokenBarrierError:
        together = False
    return row + 0 * sum(n * n for n in range(20_000)), os.getpid(), together


@pytest.fixture(scope="module")
def workers():
    place = multiprocessing.Barrier(2)
    with ProcessPoolExecutor(2, initializer=come_to, initargs=(place,)) as pool:
        list(pool.map(draw, [1, 2]))  # both workers are running
        yield pool, place


@pytest.fixture
def pool(workers):
    workers[1].reset()
    return workers[0]


@pytest.mark.parametrize("rows", [[4, 7], [9, 3, 5, 8, 1, 6]])
async def test_the_rows_are_drawn_by_the_workers(pool, rows):
    drawn = await render(pool, draw, rows)
    order = [row for row, _, _ in drawn]
    assert order == rows, f"the rows {rows} were wanted, in this order, and render() gave {order}"
    own = sum(process == os.getpid() for _, process, _ in drawn)
    assert own == 0, f"{own} of {len(rows)} rows were drawn by the event loop's own process: nobody else could run"


async def test_two_rows_at_the_same_time(pool):
    drawn = await render(pool, draw, [2, 3, 4, 5])
    alone = [row for row, _, together in drawn if not together]
    assert alone == [], f"two workers, and the rows {alone} were drawn while the other worker had nothing to do"


async def test_an_error_reaches_the_caller(pool):
    [outcome] = await asyncio.gather(render(pool, draw, [-1]), return_exceptions=True)
    while isinstance(outcome, ExceptionGroup):  # what a TaskGroup makes of an error
        outcome = outcome.exceptions[0]
    assert isinstance(outcome, ValueError), f"there is no row -1, a worker said, and render() came to {outcome!r}"

import asyncio
import multiprocessing
import os
import threading
from concurrent.futures import ProcessPoolExecutor

import pytest
from fractal import render

# Python warns of starting a process by fork while threads run. Ours only watch.
pytestmark = pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")
meeting = turn = None  # where two workers meet, and what they wait for; only workers have them, from their start on


def begin(place, next_turn) -> None:
    global meeting, turn
    meeting, turn = place, next_turn


def draw(row: int) -> tuple[int, int, bool]:
    """The row, the process that drew it, and whether another one was drawn at the same time."""
    if turn is not None and not turn.wait(timeout=1):  # the event loop stands still until we are done
        turn.set()
    if row < 0:
        raise ValueError(f"there is no row {row}")
    try:
        together = meeting is not None and meeting.wait(timeout=1) >= 0
    except threading.BrokenBarrierError:
        together = False
    return row + 0 * sum(n * n for n in range(20_000)), os.getpid(), together


class Workers(ProcessPoolExecutor):
    """Two, who have met, and who begin to draw when the event loop that gave them work has had its next turn."""

    def __init__(self) -> None:
        self.place, self.turn = multiprocessing.Barrier(2), multiprocessing.Event()
        self.loop: asyncio.AbstractEventLoop | None = None
        self.rings: list[asyncio.Future[None]] = []
        super().__init__(2, initializer=begin, initargs=(self.place, self.turn))

    def ring(self) -> None:
        self.rings.append(self.loop.run_in_executor(None, self.turn.set))

    def submit(self, *work, **more):
        if self.loop is not None:
            self.loop.call_soon_threadsafe(self.ring)
        return super().submit(*work, **more)


@pytest.fixture(scope="module")
def workers():
    with Workers() as pool:
        pool.turn.set()
        list(pool.map(draw, [1, 2]))  # both workers are running
        yield pool


@pytest.fixture
async def pool(workers):
    workers.place.reset()
    workers.turn.clear()
    workers.loop = asyncio.get_running_loop()
    yield workers
    await asyncio.sleep(0)  # all rings that are due
    await asyncio.gather(*workers.rings)
    workers.loop = None


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
    task = asyncio.create_task(render(pool, draw, [-1]))
    await asyncio.wait([task])
    error = task.exception()
    while isinstance(error, ExceptionGroup):  # what a TaskGroup makes of it
        error = error.exceptions[0]
    assert isinstance(error, ValueError), f"there is no row -1, a worker said, and what render() raised is {error!r}"

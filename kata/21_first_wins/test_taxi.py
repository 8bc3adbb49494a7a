import asyncio

import pytest
from taxi import first_answer


class Engaged(Exception):
    pass


class Switchboard:
    """Each company answers after its own number of seconds; one that is stopped needs 2 s to cancel the order."""

    def __init__(self, seconds: dict[str, float], engaged: str = "") -> None:
        self.seconds = seconds
        self.engaged = engaged
        self.calls: list[str] = []
        self.busy: list[str] = []

    async def call(self, company: str) -> str:
        self.calls.append(company)
        self.busy.append(company)
        try:
            await asyncio.sleep(self.seconds[company])
            if company == self.engaged:
                raise Engaged(company)
        except asyncio.CancelledError:
            await asyncio.sleep(2)
            raise
        finally:
            self.busy.remove(company)
        return f"a car of {company}"

    async def first_answer(self) -> asyncio.Task[str]:
        task = asyncio.create_task(first_answer(list(self.seconds), self.call))
        await asyncio.wait([task])
        left = sorted(self.busy)
        await asyncio.sleep(60)  # whoever was left alone comes to an end
        assert left == [], f"first_answer() was over, and {' and '.join(left)} did not know"
        return task


async def test_the_losers_have_gone_home():
    board = Switchboard({"Ada": 9, "Bob": 3, "Cy": 20})
    answer = (await board.first_answer()).result()
    assert answer == "a car of Bob", f"Bob answers after 3 s, the others later: the first answer was {answer!r}"


@pytest.mark.parametrize("sevenths", [[7], [50, 30], [400, 80, 10, 200, 130]])
async def test_as_early_as_can_be(stopwatch, sevenths):
    numbers = [round(number / 7, 6) for number in sevenths]  # no round seconds, at which somebody may look up
    board = Switchboard({f"company {n}": n for n in numbers})
    with stopwatch() as run:
        answer = await first_answer(list(board.seconds), board.call)
    await asyncio.sleep(60)
    first = f"a car of company {min(numbers)}"
    assert answer == first, f"the companies answer after {numbers} s, and the first answer was {answer!r}"
    assert sorted(board.calls) == sorted(board.seconds), f"the companies that were called: {board.calls}"
    tidied = 2 if len(numbers) > 1 else 0
    best = min(numbers) + tidied
    due = f"an answer after {min(numbers)} s, and {tidied} s to stop the others"
    assert run.elapsed == pytest.approx(best, abs=1e-6), f"{due}; it took {run.elapsed} s"


async def test_a_failure_stops_the_others_too():
    board = Switchboard({"Ada": 9, "Bob": 3, "Cy": 20}, engaged="Bob")
    task = await board.first_answer()
    raised = task.exception()
    errors = raised.exceptions if isinstance(raised, ExceptionGroup) else [raised]  # a TaskGroup makes a group of it
    engaged = any(isinstance(error, Engaged) for error in errors)
    got = repr(raised) if raised else task.result()
    assert engaged, f"the first to finish was Bob, who is engaged; the caller got {got}"


async def test_a_caller_out_of_time_stops_them_all(stopwatch):
    board = Switchboard({"Ada": 9, "Bob": 13, "Cy": 20})
    outcome: object = None
    try:
        async with asyncio.timeout(5):
            with stopwatch() as run:
                try:
                    outcome = await first_answer(list(board.seconds), board.call)
                finally:
                    left = sorted(board.busy)
    except TimeoutError as error:
        outcome = error
    await asyncio.sleep(60)
    assert left == [], f"the caller gave up after 5 s, and {' and '.join(left)} did not know"
    assert isinstance(outcome, TimeoutError), f"5 s were over, nobody had answered, and the caller got {outcome!r}"
    assert run.elapsed == 7, f"5 s of patience and 2 s to stop the calls; it took {run.elapsed} s"

import asyncio

import pytest
from hypothesis import given, strategies as st
from service_office import Office


class Desk:
    """Each request needs its own number of seconds, and one that is cancelled tidies up for another two."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds, self.busy, self.tidied = seconds, 0, []

    async def handle(self, request: str) -> str:
        self.busy += 1
        try:
            await asyncio.sleep(self.seconds[request])
            if request.startswith("bad"):
                raise ValueError(request)
        except asyncio.CancelledError:
            await asyncio.sleep(2)
            self.tidied.append(request)
            if request.startswith("messy"):
                raise ValueError(request) from None
            raise
        finally:
            self.busy -= 1
        return request.upper()


@given(st.lists(st.integers(1, 9), max_size=4), st.integers(0, 9))
async def test_who_is_in_time_gets_a_reply(stopwatch, seconds, limit):
    desk = Desk({f"letter {number}": float(wait) for number, wait in enumerate(seconds)})
    office = Office(desk.handle)
    tasks = {request: office.submit(request) for request in desk.seconds}
    await asyncio.sleep(0.5)
    with stopwatch() as run:
        await office.close(limit)
    busy, tidied = desk.busy, sorted(desk.tidied)
    ends = dict(zip(tasks, await asyncio.gather(*tasks.values(), return_exceptions=True), strict=True))
    complaints = []
    for request, wait in desk.seconds.items():
        reply = request.upper() if wait - 0.5 < limit else "a cancellation"
        got = ends[request] if isinstance(ends[request], str) else "a cancellation"
        if got != reply:
            complaints.append(f"{request} needed {wait - 0.5} s more, the limit was {limit} s, and it got {got}")
    late = sorted(request for request, wait in desk.seconds.items() if wait - 0.5 > limit)
    if busy or tidied != late:
        complaints.append(f"close() was over, {late} were late, {tidied} had tidied up, {busy} were still busy")
    best = limit + 2 if late else max(seconds, default=0.5) - 0.5
    if run.elapsed != best:
        complaints.append(f"{seconds} s, limit {limit} s: close() should take {best} s, and it took {run.elapsed} s")
    assert not complaints, complaints[0]


async def test_nobody_new_comes_in():
    desk = Desk({"first": 3.0, "second": 1.0, "third": 1.0})
    office = Office(desk.handle)
    first = office.submit("first")
    closing = asyncio.create_task(office.close(5))
    for request in ("second", "third"):
        await asyncio.sleep(1)
        with pytest.raises(RuntimeError):
            await office.submit(request)
    await closing
    (end,) = await asyncio.gather(first, return_exceptions=True)
    assert end == "FIRST", f"somebody was inside before the office closed, and got {end!r}"


async def test_a_failure_is_no_reason_to_stop():
    desk = Desk({"bad": 1.0, "good": 3.0, "messy": 99.0, "slow": 99.0})
    office = Office(desk.handle)
    tasks = [office.submit(request) for request in desk.seconds]
    await asyncio.sleep(0.5)
    try:
        await office.close(5)
    except ValueError as error:
        pytest.fail(f"the request {error} failed, and close() raised that: it should serve the others to their end")
    finally:
        ends = await asyncio.gather(*tasks, return_exceptions=True)
    kinds = ["error" if isinstance(end, ValueError) else end if isinstance(end, str) else "cancelled" for end in ends]
    asked = "one fails, one is good, two are too slow, and one of these fails at tidying up"
    assert kinds == ["error", "GOOD", "error", "cancelled"], f"{asked}: they ended as {kinds}"

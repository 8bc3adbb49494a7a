import asyncio
import threading

import pytest
from hypothesis import given, strategies as st
from request_names import in_thread, request_id, serve

names = st.sampled_from(["ada", "bo", "cem", "dua"])
waits = st.lists(st.integers(0, 9), min_size=1, max_size=2)


@given(st.dictionaries(names, waits, min_size=1))
async def test_every_line_has_the_name_of_its_request(plans):
    log = []

    async def handler(name: str, waits: list[int]) -> str:
        for wait in waits:
            await asyncio.sleep(wait)
            log.append((name, request_id()))
        return name.upper()

    work = [serve(name, lambda name=name: handler(name, plans[name])) for name in plans]
    results = await asyncio.gather(*work)
    strange = [f"{name} was signed {seen!r}" for name, seen in log if name != seen]
    assert not strange, f"{len(strange)} of {len(log)} log lines have a wrong name: {', '.join(strange[:3])}"
    assert results == [name.upper() for name in plans], "serve() should return what its handler returned"


@given(st.lists(names, min_size=1, unique=True))
async def test_tasks_of_a_request_belong_to_it(requests):
    async def part(wait: int) -> str:
        await asyncio.sleep(wait)
        return request_id()

    async def handler() -> list[str]:
        return await asyncio.gather(part(1), part(3))

    async def late(number: int, name: str) -> list[str]:
        await asyncio.sleep(number)
        return await serve(name, handler)

    seen = await asyncio.gather(*(late(number, name) for number, name in enumerate(requests)))
    assert seen == [[name, name] for name in requests], f"{requests} made two tasks each, whose names were {seen}"


async def test_requests_are_served_at_the_same_time(stopwatch):
    with stopwatch() as run:
        await asyncio.gather(*(serve(name, lambda: asyncio.sleep(2)) for name in "abc"))
    assert run.elapsed == 2.0, f"three requests of 2 s came at once, and were served after {run.elapsed} s"


async def test_worker_threads_know_the_request():
    async def handler() -> tuple[str, str, str]:
        await asyncio.sleep(1)
        first = await in_thread(request_id)
        await asyncio.sleep(1)
        return first, *await asyncio.gather(in_thread(request_id), in_thread(request_id))

    seen = await asyncio.gather(serve("ada", handler), serve("bo", handler))
    assert seen == [("ada",) * 3, ("bo",) * 3], f"ada and bo each went to a thread three times, as {seen}"
    outside = await in_thread(request_id)
    assert outside == "-", f"a thread that worked outside of any request took itself for {outside!r}"
    thread = await in_thread(threading.current_thread)
    assert thread is not threading.current_thread(), "in_thread() ran the function in the event loop's own thread"
    with pytest.raises(ZeroDivisionError):
        await in_thread(lambda: 1 // 0)


async def test_the_caller_is_who_it_was():
    async def say() -> str:
        return request_id()

    async def fail() -> None:
        raise ValueError(request_id())

    async def outer() -> list[str]:
        seen = [request_id(), await serve("inner", say), request_id()]
        with pytest.raises(ValueError, match="broken"):
            await serve("broken", fail)
        return [*seen, request_id()]

    seen = await serve("outer", outer)
    assert seen == ["outer", "inner", "outer", "outer"], f"outer, inner, outer, an error, outer: and it was {seen}"
    assert request_id() == "-", f"all requests are over, and the caller is still {request_id()!r}"

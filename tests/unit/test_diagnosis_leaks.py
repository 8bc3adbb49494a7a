"""What a test leaves behind, with the line that made it, and nothing kept alive by looking."""

from __future__ import annotations

import asyncio
import gc
import sys
import warnings
import weakref
from contextlib import nullcontext
from typing import TYPE_CHECKING, Any
from unittest.mock import Mock

import pytest

from redloop import DeadlockError, VirtualLoop
from redloop.diagnosis import LeakWatch, LostWatch, never_awaited, tracking_origins

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Coroutine, Iterator

    from redloop.record import Leak


@pytest.fixture(params=[VirtualLoop, asyncio.SelectorEventLoop])
def runner(request: pytest.FixtureRequest) -> Iterator[asyncio.Runner]:
    with asyncio.Runner(loop_factory=request.param) as runner:
        runner.get_loop().set_exception_handler(lambda _loop, _context: None)
        yield runner


def leaks_of(runner: asyncio.Runner, main: Callable[[], Coroutine[Any, Any, Any]]) -> tuple[Leak, ...]:
    watch, lost = LeakWatch(runner.get_loop()), LostWatch(runner.get_loop())
    with tracking_origins():
        runner.run(main())
    runner.run(watch.drain())
    lost.stop()
    leaks = (*watch.leaks(), *lost.leaks())
    assert runner.run(watch.cancel_leftovers()) == ()
    assert watch.leaks() == ()
    return leaks


def here(function: Any, offset: int) -> tuple[str, int]:
    return __file__, function.__code__.co_firstlineno + offset


async def forever() -> None:
    await asyncio.Event().wait()


def test_what_asyncio_made_has_the_line_of_its_def(runner: asyncio.Runner) -> None:
    async def handle(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.read()

    async def main() -> None:  # what `asyncio.start_server(handle)` does when a client comes
        keep.append(asyncio.StreamReaderProtocol(asyncio.StreamReader(), handle))
        keep[0].connection_made(Mock(spec=asyncio.Transport))
        await asyncio.sleep(0)

    keep: list[asyncio.StreamReaderProtocol] = []
    (leak,) = leaks_of(runner, main)
    assert (leak.filename, leak.lineno) == here(handle, 0)


def test_a_pending_task_has_the_line_that_made_its_coroutine(runner: asyncio.Runner) -> None:
    keep = []

    async def main() -> None:
        keep.append(asyncio.create_task(forever(), name="stray"))
        await asyncio.sleep(0)

    (leak,) = leaks_of(runner, main)
    assert (leak.kind, leak.name) == ("task", "task stray (forever())")
    assert (leak.filename, leak.lineno) == here(main, 1)


def test_without_origins_the_line_is_where_it_waits(runner: asyncio.Runner) -> None:
    watch = LeakWatch(runner.get_loop())

    async def main() -> asyncio.Task[None]:
        return asyncio.create_task(forever())

    task = runner.run(main())
    runner.run(watch.drain())
    (leak,) = watch.leaks()
    assert (leak.name, leak.filename, leak.lineno) == ("task forever()", *here(forever, 1))
    task.cancel()


def test_what_was_there_before_or_is_forgiven_does_not_count(runner: asyncio.Runner) -> None:
    async def make(name: str) -> asyncio.Task[None]:
        return asyncio.create_task(forever(), name=name)

    keep = [runner.run(make("before"))]
    watch = LeakWatch(runner.get_loop())
    keep.append(runner.run(make("wider fixture")))
    watch.forgive()
    keep.append(runner.run(make("mine")))
    runner.run(watch.drain())
    assert [leak.name for leak in watch.leaks()] == ["task mine (forever())"]
    runner.run(watch.cancel_leftovers())
    assert [task.done() for task in keep] == [False, False, True]


def test_what_a_deadlocks_report_has_named_does_not_count_and_is_cancelled_all_the_same() -> None:
    async def main() -> None:
        await asyncio.gather(asyncio.create_task(forever(), name="stuck"))

    async def later() -> asyncio.Task[None]:
        return asyncio.create_task(forever(), name="later")

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        watch = LeakWatch(runner.get_loop())
        with pytest.raises(DeadlockError, match="stuck waits for"):
            runner.run(main())
        assert watch.leaks() == ()
        keep = runner.run(later())
        assert [leak.name for leak in watch.leaks()] == ["task later (forever())"]
        assert watch.names(lambda _: True) == ["later"]
        assert watch.has_leftovers()
        runner.run(watch.cancel_leftovers())
        assert not watch.has_leftovers()
        assert keep.done()


def test_a_task_with_only_its_last_steps_to_do_is_none(runner: asyncio.Runner) -> None:
    async def steps() -> None:
        for _ in range(100):
            await asyncio.sleep(0)

    async def main() -> None:
        asyncio.create_task(steps())  # noqa: RUF006 - the loop holds it while it is ready

    assert leaks_of(runner, main) == ()


def test_draining_waits_for_no_timer_and_for_nobody_who_polls(runner: asyncio.Runner) -> None:
    async def poll() -> None:
        while True:  # noqa: ASYNC110
            await asyncio.sleep(0)

    async def main() -> tuple[Any, Any]:
        return asyncio.create_task(asyncio.sleep(1000)), asyncio.create_task(poll())

    assert [leak.name for leak in leaks_of(runner, main)] == ["task poll()", "task sleep()"]
    if isinstance(runner.get_loop(), VirtualLoop):
        assert runner.get_loop().time() < 1000


def test_a_task_that_will_not_end_is_named() -> None:
    async def stubborn() -> None:
        while True:
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                if stop:
                    raise

    async def main() -> asyncio.Task[None]:
        return asyncio.create_task(stubborn())

    stop: list[bool] = []
    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        watch = LeakWatch(runner.get_loop())
        task = runner.run(main())
        (leak,) = runner.run(watch.cancel_leftovers())
        stop.append(True)
        assert leak.name == "task stubborn()"
        del task


def test_an_exception_that_nobody_retrieved(runner: asyncio.Runner) -> None:
    handled: list[str] = []

    async def fail() -> None:
        raise ValueError("boom")

    async def main() -> None:
        runner.get_loop().set_exception_handler(lambda _, context: handled.append(context["message"]))
        asyncio.create_task(fail(), name="loser")  # noqa: RUF006 - that is the point
        await asyncio.sleep(0)

    (leak,) = leaks_of(runner, main)
    assert (leak.kind, leak.name) == ("never retrieved", "task loser (fail()) (ValueError: boom)")
    assert (leak.filename, leak.lineno) == here(fail, 1)
    assert handled == ["Task exception was never retrieved"], "the user's handler is asked as ever"


async def count() -> AsyncIterator[int]:
    try:
        for number in range(3):
            yield number
    finally:
        await asyncio.sleep(0)


def test_an_async_generator_left_by_break(runner: asyncio.Runner) -> None:
    async def main() -> None:
        async for _ in count():
            break

    (leak,) = leaks_of(runner, main)
    assert (leak.kind, leak.name) == ("async generator", "async generator count()")
    assert (leak.filename, leak.lineno) == here(main, 1)


def test_an_async_generator_that_somebody_still_holds(runner: asyncio.Runner) -> None:
    keep = []

    async def main() -> None:
        keep.append(count())
        await anext(keep[0])

    (leak,) = leaks_of(runner, main)
    assert (leak.kind, leak.name) == ("async generator", "async generator count()")
    assert (leak.filename, leak.lineno) == here(main, 2)


def test_async_generators_that_ended_or_were_closed(runner: asyncio.Runner) -> None:
    async def main() -> None:
        async for _ in count():
            pass
        closed = count()
        await anext(closed)
        await closed.aclose()

    assert leaks_of(runner, main) == ()


def test_async_generators_with_nothing_to_tidy_up(runner: asyncio.Runner) -> None:
    async def begin() -> AsyncIterator[int]:
        try:
            yield 1
        finally:
            await asyncio.sleep(0)
        yield 2

    async def main() -> None:
        keep.append(number async for number in begin() if number == 2)
        await anext(keep[0])

    keep: list[Any] = []
    assert leaks_of(runner, main) == ()


def test_never_awaited_has_the_line_of_the_call() -> None:
    depth = sys.get_coroutine_origin_tracking_depth()
    with warnings.catch_warnings(record=True) as caught, tracking_origins():
        warnings.simplefilter("always")
        forever()  # type: ignore[unused-coroutine]
        warnings.warn("another one", RuntimeWarning, stacklevel=1)
    assert sys.get_coroutine_origin_tracking_depth() == depth
    leak, other = [never_awaited(message) for message in caught]
    assert other is None
    assert leak is not None
    assert (leak.kind, leak.name, leak.filename) == ("never awaited", "forever()", __file__)
    assert leak.lineno == here(test_never_awaited_has_the_line_of_the_call, 4)[1]


@pytest.mark.parametrize("depth", [0, 1, 5])
def test_the_warning_reads_as_it_does_without_us(depth: int) -> None:
    """Who asked for the line that made the coroutine has it in the text, and nobody else."""

    def warning() -> tuple[str, str, int]:
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            forever()  # type: ignore[unused-coroutine]
        (one,) = caught
        return str(one.message), one.filename, one.lineno

    before, standing = sys.get_coroutine_origin_tracking_depth(), warnings._warn_unawaited_coroutine  # type: ignore[attr-defined]
    sys.set_coroutine_origin_tracking_depth(depth)
    try:
        warned = []
        for tracking in (nullcontext(), tracking_origins()):
            with tracking:
                warned.append(warning())
    finally:
        sys.set_coroutine_origin_tracking_depth(before)
    assert warned[0] == warned[1]
    assert ("Coroutine created at" in warned[1][0]) == (depth > 0)
    assert warnings._warn_unawaited_coroutine is standing  # type: ignore[attr-defined]


def test_the_warning_of_asyncios_debug_mode_reads_as_without_us() -> None:
    """That asks for ten lines while its loop runs; filters go by the module that a warning names."""

    async def main() -> None:
        forever()  # type: ignore[unused-coroutine]

    warned = []
    for tracking in (nullcontext(), tracking_origins()):
        with warnings.catch_warnings(record=True) as caught, tracking:
            warnings.simplefilter("always")
            asyncio.run(main(), debug=True)
        (one,) = [one for one in caught if one.category is RuntimeWarning]
        told = str(one.message).partition("File")[0]
        warned.append((told, "in main" in str(one.message), one.filename, one.lineno))
    assert warned[0] == warned[1]
    assert warned[0][1:3] == (True, __file__)


def test_never_awaited_without_origins_has_the_line_that_dropped_it() -> None:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        forever()  # type: ignore[unused-coroutine]
    leak = never_awaited(caught[0])
    assert leak is not None
    assert (leak.filename, leak.lineno) == here(test_never_awaited_without_origins_has_the_line_that_dropped_it, 3)


def test_nothing_is_kept_alive(runner: asyncio.Runner) -> None:
    alive: list[weakref.ref[Any]] = []

    class Thing:
        pass

    async def hold(thing: Thing) -> None:
        alive.append(weakref.ref(thing))
        await asyncio.get_running_loop().create_future()

    async def generate(thing: Thing) -> AsyncIterator[int]:
        alive.append(weakref.ref(thing))
        try:
            yield 1
        finally:
            thing = Thing()

    async def main() -> None:
        task = asyncio.create_task(hold(Thing()))
        alive.append(weakref.ref(task))
        generator = generate(Thing())
        await anext(generator)
        alive.append(weakref.ref(generator))
        await asyncio.sleep(0)
        assert all(ref() is not None for ref in alive)
        assert len(watch.leaks()) == len(lost.leaks()) == 1, "seen, and let go"
        del task, generator

    watch, lost = LeakWatch(runner.get_loop()), LostWatch(runner.get_loop())
    runner.run(main())
    runner.run(watch.drain())
    gc.collect()  # a task and the future it waits for are a cycle, with us or without
    assert [ref() for ref in alive] == [None] * len(alive)
    lost.stop()


def test_the_loop_is_left_as_it_was(runner: asyncio.Runner) -> None:
    loop = runner.get_loop()
    before = set(vars(loop))
    watch = LostWatch(loop)
    assert set(vars(loop)) != before
    watch.stop()
    assert set(vars(loop)) == before


def test_generators_of_a_wider_fixture_are_forgiven(runner: asyncio.Runner) -> None:
    async def begin() -> AsyncIterator[int]:
        generator = count()
        await anext(generator)
        return generator

    lost = LostWatch(runner.get_loop())
    fixture = runner.run(begin())
    lost.forgive()
    mine = runner.run(begin())
    assert len(lost.leaks()) == 1
    del fixture, mine
    assert len(lost.leaks()) == 1
    lost.stop()

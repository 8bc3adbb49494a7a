"""The recorder, on real programs under the virtual clock, where every number is exact."""

import asyncio
import gc
import sys
import time
import weakref
from asyncio.subprocess import PIPE
from contextlib import aclosing, asynccontextmanager, suppress
from types import ModuleType

import pytest

from redloop import VirtualLoop
from redloop.timeline import Recorder
from redloop.timeline import figures as figures_of
from redloop.timeline.steps import Steps
from redloop.timeline.strand import OpenSpan, Strand

A_LIBRARY = """
import asyncio

async def start():
    global task
    task = asyncio.create_task(asyncio.sleep(9))
"""
MONITORING = sys.version_info >= (3, 12)


@pytest.fixture(params=["by events", "step by step"])
def both_ways(request, monkeypatch):
    """By the interpreter's events, and as real suites are recorded on 3.11: what can be seen after each step."""
    if request.param == "step by step":
        monkeypatch.setattr("redloop.timeline.free_tool_id", lambda: None)
        monkeypatch.setattr("redloop.timeline.Profiling", Steps)


def is_own(filename):
    return filename == __file__


def record(main, *, loop_factory=VirtualLoop, fails=(), origins=0):
    """Run `main()` and return its spans by name."""
    recorder = Recorder(is_own)
    depth = sys.get_coroutine_origin_tracking_depth()
    sys.set_coroutine_origin_tracking_depth(origins)
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        loop = runner.get_loop()
        start = loop.time()
        recorder.install(thorough=True)
        try:
            runner.run(main())
        except fails:
            pass
        finally:
            recorder.uninstall()
            sys.set_coroutine_origin_tracking_depth(depth)
        return {span.name: span for span in recorder.spans(id(loop), start, loop.time())}


def figures(spans):
    return figures_of([span.waits for span in spans.values()])


async def fetch(page):
    await asyncio.sleep(2)
    return page


async def fetch_soon(_page):
    await asyncio.sleep(0.001)


async def one_after_another():
    return [await fetch(page) for page in "abc"]


async def together():
    await asyncio.gather(*map(fetch, "abc"))


async def awaited_late():
    task = asyncio.create_task(asyncio.sleep(1))
    await fetch("a")
    await task


async def awaited_one_by_one():
    for task in [asyncio.create_task(asyncio.sleep(2)) for _ in "ab"]:
        await task


async def awaited_after_a_block():
    task = asyncio.create_task(asyncio.sleep(2))
    time.sleep(1)
    await task


async def as_they_complete():
    for first in asyncio.as_completed([asyncio.sleep(1), asyncio.sleep(2)]):
        await first


async def shielded():
    await asyncio.shield(asyncio.sleep(1))


async def never_awaited():
    task = asyncio.create_task(asyncio.sleep(9))
    await fetch("a")
    task.cancel()


async def made_by_a_library():
    library = {}
    exec(compile(A_LIBRARY, "/installed/library.py", "exec"), library)  # noqa: S102 - a file that is not the suite's
    await library["start"]()
    await fetch("a")


async def by_break(numbers):
    async for number in numbers:
        if number == 1:
            break


async def by_closing(numbers):
    async with aclosing(numbers):
        await by_break(numbers)


async def by_a_context(numbers):
    await anext(numbers)
    with suppress(OSError):
        async with asynccontextmanager(lambda: numbers)():
            raise OSError


async def by_an_error_on_its_way(numbers):
    await by_break(numbers)
    with suppress(OSError):
        await numbers.athrow(OSError)


async def in_a_group(*some):
    async with asyncio.TaskGroup() as group:
        for coro in some:
            group.create_task(coro)


async def behind(lock, page):
    async with lock:
        await fetch(page)


async def behind_one_lock():
    lock = asyncio.Lock()
    async with asyncio.TaskGroup() as group:
        for page in "abc":
            group.create_task(behind(lock, page))


@pytest.mark.usefixtures("both_ways")
class TestThreePictures:
    def test_one_after_another(self):
        spans = record(one_after_another)
        assert figures(spans) == (6.0, 1.0, 1)
        assert [(name, span.start, span.end) for name, span in spans.items()] == [
            ("one_after_another", 0.0, 6.0),
            ("fetch('a')", 0.0, 2.0),
            ("fetch('b')", 2.0, 4.0),
            ("fetch('c')", 4.0, 6.0),
        ]
        assert spans["one_after_another"].queues == ((0.0, 6.0),), "it stands behind what it awaits"
        assert spans["fetch('b')"].waits == ((2.0, 4.0),)
        assert spans["fetch('b')"].lineno == one_after_another.__code__.co_firstlineno + 1, "the line that awaits it"

    def test_at_once(self):
        spans = record(together)
        assert figures(spans) == (6.0, 3.0, 3)
        assert {(span.start, span.end) for span in spans.values()} == {(0.0, 2.0)}
        assert len({span.task for span in spans.values()}) == 4
        assert spans["fetch('b')"].lineno == fetch.__code__.co_firstlineno, "nobody awaits a task's own coroutine"
        spans = record(together, origins=1)
        assert spans["fetch('b')"].lineno == together.__code__.co_firstlineno + 1, "but somebody made it"

    def test_together_behind_one_lock(self):
        spans = record(behind_one_lock)
        assert figures(spans) == (6.0, 1.0, 1)
        assert spans["behind('c')"].queues == ((0.0, 6.0),)

    def test_taking_turns_on_the_loop(self):
        async def turns():
            for _ in range(2):
                time.sleep(1)
                await asyncio.sleep(0)

        async def three():
            await asyncio.gather(turns(), turns(), turns())

        spans = record(three)
        assert figures(spans) == (0.0, 0.0, 0)
        assert spans["turns #1"].queues == ((1.0, 3.0), (4.0, 6.0)), (
            "it runs 1 s, and stands behind the two others for 2"
        )
        assert spans["turns #3"].queues == ((3.0, 5.0),)
        assert [spans[f"turns #{n}"].start for n in (1, 2, 3)] == [0.0, 1.0, 2.0]


@pytest.mark.parametrize(
    ("leaves", "outcome"),
    [(by_break, "cancelled"), (by_closing, "cancelled"), (by_a_context, "error"), (by_an_error_on_its_way, "error")],
)
@pytest.mark.parametrize(("tidies_up", "end"), [(False, 2.0), (True, 3.0)])
def test_async_generator_that_is_left_early(leaves, outcome, tidies_up, end):
    async def numbers():
        for number in range(9):
            await asyncio.sleep(1)
            yield number

    async def tidy():
        try:
            for number in range(9):
                await asyncio.sleep(1)
                yield number
        finally:
            await asyncio.sleep(1)

    async def main():
        await leaves(tidy() if tidies_up else numbers())
        await asyncio.sleep(3)

    span = record(main)["tidy" if tidies_up else "numbers"]
    assert (span.end, span.outcome) == (end, outcome)


@pytest.mark.usefixtures("both_ways")
class TestWaitingOrQueueing:
    @pytest.mark.parametrize(
        ("kind", "make"),
        [
            ("waits", lambda: asyncio.sleep(1)),
            ("waits", lambda: asyncio.wait_for(asyncio.sleep(1), 5) if MONITORING else asyncio.sleep(1)),
            ("queues", lambda: asyncio.create_task(asyncio.sleep(1))),
            ("queues", lambda: asyncio.gather(asyncio.sleep(1))),
            ("queues", lambda: asyncio.shield(asyncio.create_task(asyncio.sleep(1)))),
            ("queues", lambda: asyncio.wait([asyncio.create_task(asyncio.sleep(1))])),
            ("queues", lambda: asyncio.wait_for(asyncio.Event().wait(), 1)),
            ("queues", lambda: asyncio.wait_for(asyncio.Queue().get(), 1)),
            ("queues", lambda: asyncio.wait_for(asyncio.Semaphore(0).acquire(), 1)),
            ("queues", lambda: asyncio.wait_for(asyncio.Barrier(2).wait(), 1)),
        ],
    )
    def test_by_what_is_awaited(self, kind, make):
        async def main():
            await make()

        span = record(main, fails=TimeoutError)["main"]
        assert getattr(span, kind) == ((0.0, 1.0),)
        assert span.waits + span.queues == ((0.0, 1.0),)

    def test_a_bare_future_that_a_task_resolves(self):
        async def provide(future):
            await asyncio.sleep(1)
            future.set_result(None)
            await asyncio.sleep(1)

        async def main():
            future = asyncio.get_running_loop().create_future()
            provider = asyncio.create_task(provide(future))
            await future
            await provider

        assert record(main)["main"].queues == ((0.0, 2.0),)

    def test_a_bare_future_that_a_timer_resolves(self):
        async def main():
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            loop.call_later(1, future.set_result, None)
            await future

        assert record(main)["main"].waits == ((0.0, 1.0),)

    def test_a_thread(self):
        async def main():
            await asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.01)
            await asyncio.to_thread(time.sleep, 0.01)

        span = record(main, loop_factory=asyncio.SelectorEventLoop)["main"]
        assert (len(span.waits), span.queues) == (2, ())

    def test_a_child_process(self):
        """asyncio reads its two pipes in tasks of its own, which are nobody's spans: to wait for them is to wait."""

        async def asks():
            child = await asyncio.create_subprocess_exec(sys.executable, "-S", "-c", "", stdout=PIPE, stderr=PIPE)
            await child.communicate()

        async def main():
            await asks()
            await asks()

        spans = record(main, loop_factory=asyncio.new_event_loop)
        assert set(spans) == {"main", "asks #1", "asks #2"}
        assert spans["asks #1"].queues == spans["asks #2"].queues == ()

    def test_below_a_librarys_own_coroutine(self):
        """These tasks' outermost coroutine is not the suite's; what it does shows only once it is suspended."""
        library = {"asyncio": asyncio}
        exec("async def call(coro):\n    return await coro", library)  # noqa: S102 - as if it were installed
        lock = asyncio.Lock()

        async def locked():
            async with lock:
                await asyncio.sleep(1)

        async def main():
            await asyncio.gather(library["call"](locked()), library["call"](locked()))

        spans = record(main)
        assert [spans[f"locked #{n}"].waits for n in (1, 2)] == [((0.0, 1.0),), ((1.0, 2.0),)]
        assert spans["locked #2"].queues == ((0.0, 1.0),)

    @pytest.mark.parametrize(
        ("run", "expected"),
        [
            (asyncio.gather, (4.0, 4 / 3, 2)),
            (lambda *some: asyncio.wait([asyncio.create_task(coro) for coro in some]), (4.0, 4 / 3, 2)),
            (in_a_group, (4.0, 4 / 3, 2)),
            (lambda *some: asyncio.gather(asyncio.wait_for(some[0], 5), some[1]), (4.0, 4 / 3, 2)),
        ],
    )
    def test_tasks_of_somebody_elses_coroutines(self, run, expected):
        """`gather(asyncio.sleep(1), …)` is the suite's doing: its sleeps wait, and can be seen to."""

        async def main():
            await run(asyncio.sleep(1), asyncio.sleep(3))

        spans = record(main)
        assert figures(spans) == pytest.approx(expected)

    @pytest.mark.parametrize(
        ("main", "expected"),
        [
            (awaited_late, (3.0, 1.5, 2)),
            (awaited_one_by_one, (4.0, 2.0, 2)),
            (awaited_after_a_block, (2.0, 1.0, 1)),
            (as_they_complete, (3.0, 1.5, 2)),
            (shielded, (1.0, 1.0, 1)),
            (never_awaited, (4.0, 2.0, 2)),
            (made_by_a_library, (2.0, 1.0, 1)),
        ],
    )
    @pytest.mark.usefixtures("both_ways")
    def test_they_count_from_their_first_step(self, main, expected):
        """Whenever they are awaited, and if they have ended by then."""
        assert figures(record(main)) == expected

    @pytest.mark.skipif(not hasattr(asyncio, "eager_task_factory"), reason="eager tasks came with 3.12")
    @pytest.mark.usefixtures("both_ways")
    def test_that_of_an_eager_one_is_part_of_making_it(self):
        async def main():
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            task = asyncio.create_task(asyncio.sleep(2))
            time.sleep(1)
            await task

        assert figures(record(main)) == (2.0, 1.0, 1)

    def test_they_have_names_lines_and_outcomes(self):
        async def main():
            pending = [asyncio.create_task(coro) for coro in (asyncio.sleep(0.5), asyncio.Event().wait())]
            with suppress(TimeoutError):
                async with asyncio.timeout(1):
                    await asyncio.gather(*pending)

        spans = record(main, origins=1)
        sleeper, waiter = spans["sleep(0.5)"], spans["wait"]
        assert (sleeper.waits, sleeper.outcome) == (((0.0, 0.5),), "ok")
        assert (waiter.queues, waiter.outcome) == (((0.0, 1.0),), "cancelled")
        assert sleeper.lineno == main.__code__.co_firstlineno + 1
        assert record(main)["wait"].lineno == main.__code__.co_firstlineno + 1, "also without origins"

    def test_behind_a_lock_two_awaits_down(self):
        async def enter(lock):
            async with lock:
                await asyncio.sleep(1)

        async def outer(lock):
            await enter(lock)

        async def main():
            lock = asyncio.Lock()
            await asyncio.gather(outer(lock), outer(lock))

        spans = record(main)
        assert (spans["enter #2"].queues, spans["enter #2"].waits) == (((0.0, 1.0),), ((1.0, 2.0),))
        assert figures(spans) == (2.0, 1.0, 1)

    def test_async_generator_and_its_reader_wait_in_turn(self):
        async def pages():
            for page in "ab":
                await asyncio.sleep(1)
                yield page

        async def read():
            async for _ in pages():
                await asyncio.sleep(3)

        spans = record(read)
        assert spans["pages"].waits == ((0.0, 1.0), (4.0, 5.0))
        assert spans["read"].waits == ((1.0, 4.0), (5.0, 8.0))
        assert spans["read"].queues == ((0.0, 1.0), (4.0, 5.0))
        assert figures(spans) == (8.0, 1.0, 1)

    def test_a_coroutine_that_runs_is_not_looked_into(self):
        # It is what an async generator's wait is told in. On 3.12, asking it what it awaits can crash Python.
        async def pages():
            for page in range(900):
                if page % 3:
                    await asyncio.sleep(1)
                yield page

        async def read():
            async for _ in pages():
                pass

        assert figures_of([record(read)["pages"].waits])[0] == 600.0

    def test_below_an_awaitable_of_their_own(self):
        class Page:
            def __init__(self, name):
                self.name = name
                self.others = [self]

            def __await__(self):
                return fetch(self.name).__await__()

        class Bare:
            """It refers to who awaits it, so whoever looks for what is awaited next would go in a circle."""

            def __init__(self, reader):
                self.reader, self.future = reader, asyncio.get_running_loop().create_future()
                asyncio.get_running_loop().call_later(1, self.future.set_result, None)

            def __await__(self):
                self.steps = self.future.__await__()
                return self

            def __iter__(self):
                return self

            def __next__(self):
                return next(self.steps)

        async def main():
            await Page("a")
            await Bare(asyncio.current_task().get_coro())

        spans = record(main)
        assert spans["fetch('a')"].waits == ((0.0, 2.0),)
        assert spans["main"].waits == ((2.0, 3.0),)

    def test_cleaning_up_after_a_cancellation_is_waiting_too(self):
        async def slow():
            try:
                await asyncio.sleep(10)
            finally:
                time.sleep(1)
                await asyncio.sleep(2)

        async def outer():
            await slow()

        async def main():
            task = asyncio.create_task(outer())
            await asyncio.sleep(1)
            task.cancel()
            await asyncio.wait([task])

        spans = record(main)
        assert spans["slow"].waits == ((0.0, 1.0), (2.0, 4.0))
        assert {spans["slow"].outcome, spans["outer"].outcome} == {"cancelled"}
        assert spans["main"].outcome == "ok"


@pytest.mark.usefixtures("both_ways")
class TestSpans:
    def test_an_error(self):
        async def fails():
            raise ValueError

        assert record(fails, fails=ValueError)["fails"].outcome == "error"

    def test_an_error_that_ends_the_loop(self):
        """As a time-out does: it goes on from the step, out of the loop."""

        async def interrupted():
            await asyncio.sleep(1)
            raise KeyboardInterrupt

        assert record(interrupted, fails=KeyboardInterrupt)["interrupted"].outcome == "error"

    def test_what_the_caller_catches(self):
        async def fails(page):
            await fetch(page)
            raise ValueError

        async def too_slow(page):
            async with asyncio.timeout(1):
                await fetch(page)

        async def main():
            with suppress(ValueError):
                await fails("a")
            with suppress(TimeoutError):
                await too_slow("b")
            await fetch("c")

        spans = record(main)
        assert {name: (span.start, span.end, span.outcome) for name, span in spans.items()} == {
            "main": (0.0, 5.0, "ok"),
            "fails('a')": (0.0, 2.0, "error"),
            "fetch('a')": (0.0, 2.0, "ok"),
            "too_slow('b')": (2.0, 3.0, "error"),
            "fetch('b')": (2.0, 3.0, "cancelled"),
            "fetch('c')": (3.0, 5.0, "ok"),
        }

    def test_an_error_below_a_group_that_was_cancelled_for_it(self):
        async def fails():
            await asyncio.sleep(1)
            raise ValueError

        async def grouped():
            async with asyncio.TaskGroup() as group:
                group.create_task(fails())
                group.create_task(fetch("slow"))

        async def main():
            await grouped()

        spans = record(main, fails=ExceptionGroup)
        assert {name: span.outcome for name, span in spans.items()} == {
            "main": "error",
            "grouped": "error",
            "fails": "error",
            "fetch('slow')": "cancelled",
        }

    def test_labels(self):
        class Server:
            async def ask(self, what):  # noqa: ARG002
                await asyncio.sleep(0)

            async def __aenter__(self):
                await asyncio.sleep(0)
                return self

            async def __aexit__(self, *_):
                await asyncio.sleep(0)

        async def main():
            async with Server() as server:
                await server.ask("x" * 99)
                await server.ask(7)
                await server.ask(7)
                await server.ask([1])

        assert list(record(main)) == [
            "main",
            "Server.__aenter__",
            "ask('xxxxxxxxxxxxxxxxxxxxx…')",
            "ask(7) #1",
            "ask(7) #2",
            "ask",
            "Server.__aexit__",
        ]

    def test_only_own_coroutines(self):
        async def main():
            await asyncio.wait_for(fetch(1), 5)
            await asyncio.Queue(1).put(1)

        assert set(record(main)) == {"main", "fetch(1)"}

    def test_what_is_not_over_is_cut_where_the_run_ends(self):
        recorder = Recorder(is_own)

        async def main():
            later = asyncio.create_task(fetch("later"), name="later")
            await asyncio.sleep(1)
            loop = asyncio.get_running_loop()
            seen.extend(recorder.spans(id(loop), 0.5, loop.time()))
            leaks.extend(recorder.spans(id(loop), 0.5, loop.time(), leaked=["later"]))
            await later

        seen, leaks = [], []
        recorder.install(thorough=True)
        try:
            with asyncio.Runner(loop_factory=VirtualLoop) as runner:
                runner.run(main())
        finally:
            recorder.uninstall()
        main_span, later = seen
        assert (later.start, later.end, later.waits, later.outcome) == (0.0, 0.5, ((0.0, 0.5),), "running")
        assert (main_span.waits, main_span.outcome) == (((0.0, 0.5),), "running")
        assert [span.outcome for span in leaks] == ["running", "leaked"]

    @pytest.mark.skipif(sys.version_info < (3, 12), reason="eager tasks came with 3.12")
    def test_an_eager_task_that_ended_as_it_was_made(self):
        """Asked for its coroutine, it would end CPython 3.12.1."""

        async def main():
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            await asyncio.gather(fetch_nothing(), asyncio.sleep(1))

        async def fetch_nothing():
            return None

        spans = record(main)
        assert [spans[name].outcome for name in ("main", "sleep(1)")] == ["ok", "ok"]


class TestPassingOver:
    @pytest.mark.skipif(not MONITORING, reason="only there can a function be passed over at no cost")
    def test_of_many_with_nothing_to_see_the_first_are_kept_and_the_figures_stay_right(self):
        """What comes later is passed over: its waits are then the caller's, or its task's."""

        async def look_up(key, *, hit=True):
            if not hit:
                await asyncio.sleep(1)
            return key

        async def main():
            for key in range(5000):
                await look_up(key)
            await look_up(-1, hit=False)
            await asyncio.gather(look_up(-2, hit=False), look_up(-3, hit=False))
            await asyncio.sleep(0)

        spans = record(main)
        assert 1000 <= len(spans) < 1100
        assert figures(spans) == (3.0, 1.5, 2)
        assert spans["main"].waits == ((0.0, 1.0),)
        assert spans["look_up(-2)"].waits == ((1.0, 2.0),)
        assert len(record(main)) == len(spans), "the next run sees as much"


class TestStepByStep:
    """What differs where only the suspended stack can be seen."""

    @pytest.fixture(autouse=True)
    def _step_by_step(self, monkeypatch):
        monkeypatch.setattr("redloop.timeline.free_tool_id", lambda: None)
        monkeypatch.setattr("redloop.timeline.Profiling", Steps)

    def test_the_hook_is_taken_away(self):
        run_before = asyncio.Handle._run
        record(together)
        assert asyncio.Handle._run is run_before

    def test_a_coroutine_that_is_never_suspended_has_no_span_but_as_a_task(self):
        async def instant():
            pass

        async def main():
            await instant()
            await asyncio.create_task(instant())

        assert list(record(main)) == ["main", "instant"]

    def test_a_coroutine_that_somebody_holds(self):
        """Its locals go when it ends, not when it goes, so how it ended is not looked at."""

        class Thing:
            pass

        async def held(thing):
            gone.append(weakref.ref(thing))
            await asyncio.sleep(1)

        async def main():
            for _ in range(2):
                coro = held(Thing())
                await coro
                died.append(gone[-1]() is None)
                await held(Thing())
                died.append(gone[-1]() is None)

        gone, died = [], []
        spans = record(main)
        assert died == [True] * 4
        assert [spans[f"held #{n}"].waits for n in range(1, 5)] == [((n, n + 1.0),) for n in range(4)]


PLAIN = {
    *(OpenSpan, Strand, list, tuple, str, int, bool, float, type(None), weakref.ref),
    *(type, ModuleType, type((0.0).__float__), type(float.__float__)),
}


def reachable(thing):
    """All objects that `thing` keeps alive; classes and modules live anyway."""
    seen, todo = {}, [thing]
    while todo:
        one = todo.pop()
        if id(one) not in seen:
            seen[id(one)] = one
            todo += [] if isinstance(one, type | ModuleType) else gc.get_referents(one)
    return seen.values()


def test_the_garbage_collector_passes_over_spans_that_have_ended():
    """Else some thousand of them make a collection long, in the middle of somebody's step."""

    async def main():
        for page in range(1_000):
            await fetch_at_once(page)

    async def fetch_at_once(page):
        return page

    recorder = Recorder(is_own)
    recorder.install(thorough=True)
    try:
        asyncio.run(main())
    finally:
        recorder.uninstall()
    gc.collect()
    gc.collect()  # what a tuple holds is passed over first
    packed = recorder._strands._packed
    assert len(packed) > 500
    assert not any(map(gc.is_tracked, packed))
    assert [span.name for span in recorder.spans(None, 0, 1e9)[:3]] == ["main", "fetch_at_once(0)", "fetch_at_once(1)"]


def tools_of_the_interpreter():
    return [sys.monitoring.get_tool(number) for number in range(6)] if MONITORING else []


@pytest.mark.usefixtures("both_ways")
class TestGoodGuest:
    def test_nothing_stays_behind(self):
        profile = sys.getprofile()
        tools = tools_of_the_interpreter()
        record(together)
        assert sys.getprofile() is profile
        assert tools_of_the_interpreter() == tools

    def test_tells_nothing_while_it_is_paused_and_goes_on_afterwards(self):
        recorder, tools = Recorder(is_own), tools_of_the_interpreter()
        for page in ("a", "b", "c"):
            recorder.install(thorough=True)
            recorder.clear()
            asyncio.run(fetch_soon(page))
            recorder.pause()
            asyncio.run(fetch_soon("nobody sees this"))
            assert [span.name for span in recorder.spans(None, 0, 1e9)] == [f"fetch_soon('{page}')"]
        recorder.uninstall()
        assert tools_of_the_interpreter() == tools

    def test_two_recorders_one_after_the_other_see_what_is_theirs(self):
        assert "fetch('a')" in record(together)
        recorder = Recorder(lambda _: False)
        recorder.install(thorough=True)
        asyncio.run(asyncio.sleep(0))
        recorder.uninstall()
        assert recorder.spans(None, 0, 1e9) == ()
        assert "fetch('a')" in record(together)

    def test_keeps_nothing_alive(self):
        """A task that nobody holds dies as it would without us, and so does what a coroutine has let go of."""

        class Thing:
            pass

        async def forgotten(thing, gone):
            gone.append(weakref.ref(thing))
            del thing
            await asyncio.Future()

        async def main():
            thing, gone = Thing(), []
            task = weakref.ref(asyncio.create_task(forgotten(thing, gone)))
            del thing
            await asyncio.sleep(1)
            died.append(gone[0]() is None)
            gc.collect()
            died.append(task() is None)

        died = []
        recorder = Recorder(is_own)
        recorder.install(thorough=True)
        try:
            loop = VirtualLoop()
            loop.set_exception_handler(lambda *_: None)
            loop.run_until_complete(main())
            loop.close()
        finally:
            recorder.uninstall()
        assert died == [True, True]
        assert "cancelled" in {span.outcome for span in recorder.spans(None, 0, 9) if span.name == "forgotten"}
        assert {type(thing) for thing in reachable([recorder._strands._finished, recorder._strands._packed])} <= PLAIN

    def test_many_waits_stay_few_intervals_of_the_same_sum(self):
        async def many():
            for _ in range(5000):
                await asyncio.sleep(1)
                time.sleep(1e-6)

        span = record(many)["many"]
        assert len(span.waits) < 2500
        assert figures_of([span.waits])[0] == 5000.0

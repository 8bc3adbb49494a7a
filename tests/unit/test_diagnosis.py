"""Who is blocked, on what, and who holds it, in words."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from redloop import DeadlockError, VirtualLoop
from redloop.diagnosis import describe_tasks, goes_on, track_holders, tracking_origins

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine


def deadlock(main: Coroutine[Any, Any, Any]) -> str:
    with pytest.raises(DeadlockError) as caught, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main)
    return str(caught.value)


async def on_event() -> None:
    await asyncio.Event().wait()


async def on_shielded() -> None:
    await asyncio.shield(asyncio.create_task(on_event(), name="other"))


async def on_future() -> None:
    await asyncio.get_running_loop().create_future()


async def on_task() -> None:
    await asyncio.create_task(on_event(), name="other")


async def on_gather() -> None:
    await asyncio.gather(asyncio.create_task(on_event(), name="other"), asyncio.sleep(0))


async def on_group() -> None:
    async with asyncio.TaskGroup() as group:
        group.create_task(on_event(), name="other")


async def on_wait() -> None:
    await asyncio.wait([asyncio.create_task(on_event(), name="other")])


async def on_get() -> None:
    await asyncio.Queue[int]().get()


async def on_put() -> None:
    queue = asyncio.Queue[int](1)
    await queue.put(1)
    await queue.put(2)


async def on_join() -> None:
    queue = asyncio.Queue[int]()
    queue.put_nowait(1)
    await queue.join()


async def on_barrier() -> None:
    await asyncio.Barrier(3).wait()


async def on_condition() -> None:
    async with (condition := asyncio.Condition()):
        await condition.wait()


async def on_semaphore() -> None:
    semaphore = asyncio.BoundedSemaphore(1)
    async with semaphore, semaphore:
        pass


async def on_readline() -> None:
    await asyncio.StreamReader().readline()


async def on_lines() -> None:
    async for _ in asyncio.StreamReader():
        pass


async def on_read() -> None:
    await asyncio.StreamReader().read()


async def on_read_some() -> None:
    await asyncio.StreamReader().read(4)


async def on_readexactly() -> None:
    await asyncio.StreamReader().readexactly(4)


async def on_serve_forever() -> None:
    async with await asyncio.start_server(print, "127.0.0.1") as server:
        await server.serve_forever()


@pytest.mark.parametrize(
    ("main", "words"),
    [
        (on_event, "waits for an Event that nobody has set\n"),
        (on_future, "waits for a Future that nobody has resolved\n"),
        (on_task, "waits for the task other\n"),
        (on_shielded, "waits for other, in asyncio.shield()\n"),
        (on_gather, "waits for the tasks of its gather(): other\n"),
        (on_group, "waits for the tasks of its TaskGroup: other\n"),
        (on_wait, "waits for other, in asyncio.wait()\n"),
        (on_get, "waits for an item from an empty Queue\n"),
        (on_put, "waits for a free place in a Queue(1)\n"),
        (on_join, "waits for the last task_done() of a Queue, 1 to go\n"),
        (on_barrier, "waits for a Barrier at which 1 of 3 have arrived\n"),
        (on_condition, "waits for a Condition that nobody has notified\n"),
        (on_semaphore, "waits for a BoundedSemaphore, held by "),
        (on_readline, "waits for StreamReader.readline()\n"),
        (on_serve_forever, "waits for Server.serve_forever()\n"),
    ],
)
def test_what_a_task_waits_for(main: Callable[[], Coroutine[Any, Any, None]], words: str) -> None:
    message = deadlock(main())
    assert words in message
    assert f" in {main.__name__}: " in message


CURES = {
    on_event: "Nobody is left that calls its set()",
    on_future: "Nobody is left that calls its set_result()",
    on_get: "Nobody is left that puts one in",
    on_put: "Nobody is left that takes an item out",
    on_join: "Nobody is left that takes the 1 still in it",
    on_barrier: "2 too few were started, or have failed",
    on_condition: "A notify() that comes before the wait is lost",
    on_readline: 'whoever writes ends it with b"\\n"',
    on_lines: 'whoever writes ends it with b"\\n"',
    on_read: "Without a number, read() ends when the other end closes",
    on_read_some: "Nobody is left that sends what is missing",
    on_readexactly: "Nobody is left that sends what is missing",
    on_serve_forever: "It ends only when it is cancelled",
}


@pytest.mark.parametrize(("main", "cure"), CURES.items())
def test_what_its_author_can_do(main: Callable[[], Coroutine[Any, Any, None]], cure: str) -> None:
    assert cure in deadlock(main())


def test_task_done_is_missing() -> None:
    async def main() -> None:
        queue = asyncio.Queue[int]()
        queue.put_nowait(1)
        await queue.get()
        await queue.join()

    assert "Every item was taken, and task_done() is missing" in deadlock(main())


def test_who_took_a_lock_has_ended() -> None:
    async def main() -> None:
        lock = asyncio.Lock()
        await asyncio.create_task(lock.acquire(), name="forgetful")
        async with lock:
            pass

    message = deadlock(main())
    assert "waits for a Lock, held by forgetful since " in message
    assert "    forgetful has ended without release(): write `async with`" in message


def told(message: str) -> str:
    """The circle and its cure: the lines between the heading and the list of tasks."""
    lines = message.splitlines()[1:]
    return "\n".join(lines[:2]).replace(f"{Path(__file__).name}:", ":").replace("tests/unit/", "")


class TestCircles:
    def test_two_tasks_and_two_locks(self) -> None:
        async def take(first: asyncio.Lock, second: asyncio.Lock) -> None:
            async with first:
                await asyncio.sleep(0)
                async with second:
                    pass

        async def main() -> None:
            left, right = asyncio.Lock(), asyncio.Lock()
            async with asyncio.TaskGroup() as group:
                group.create_task(take(left, right), name="A")
                group.create_task(take(right, left), name="B")

        line = take.__code__.co_firstlineno + 1
        assert told(deadlock(main())) == (
            f"A waits for a Lock that B holds since :{line}; B waits for one that A holds since :{line}.\n"
            "  Each holds what the next one needs: take them in the same order everywhere."
        )

    def test_a_lock_that_it_holds_itself(self) -> None:
        async def main() -> None:
            lock = asyncio.Lock()
            async with lock, lock:
                pass

        line = main.__code__.co_firstlineno + 2
        message = told(deadlock(main()))
        assert f"(main()) waits for a Lock that it holds itself, since :{line}.\n  asyncio's locks cannot" in message

    def test_a_semaphore_that_it_holds_more_than_once(self) -> None:
        async def enter(semaphore: asyncio.Semaphore, depth: int) -> None:
            async with semaphore:
                await enter(semaphore, depth + 1)

        async def main() -> None:
            asyncio.current_task().set_name("main")  # type: ignore[union-attr]
            await enter(asyncio.Semaphore(2), 0)

        line = enter.__code__.co_firstlineno + 1
        message = deadlock(main())
        assert told(message) == (
            f"main waits for a Semaphore that it holds 2 times itself, since :{line}.\n"
            "  A semaphore has a fixed number of places, and a task that enters it again takes one more: "
            "take it once, and call what needs it inside."
        )
        assert "main waits for a Semaphore, held 2 times by main since " in message
        assert message.count("by main since ") == 1

    def test_a_lock_and_the_end_of_a_task(self) -> None:
        async def needs(lock: asyncio.Lock) -> None:
            async with lock:
                pass

        async def main() -> None:
            asyncio.current_task().set_name("main")  # type: ignore[union-attr]
            async with (lock := asyncio.Lock()):
                await asyncio.gather(asyncio.create_task(needs(lock), name="other"))

        line = main.__code__.co_firstlineno + 2
        assert told(deadlock(main())) == (
            f"main waits for other to end; other waits for a Lock that main holds since :{line}.\n"
            "  Who holds a lock must not await a task that needs it: let go of it first."
        )

    @pytest.mark.parametrize("through", [lambda task: task, asyncio.gather])
    def test_a_task_that_awaits_itself_through_another(
        self, through: Callable[[Any], Awaitable[Any]], caplog: pytest.LogCaptureFixture
    ) -> None:
        """`cancel()` goes round and round there, so asyncio.run could not even end."""

        async def other(task: asyncio.Task[Any]) -> None:
            await through(task)

        async def main() -> None:
            me: Any = asyncio.current_task()
            me.set_name("main")
            await through(asyncio.create_task(other(me), name="other"))

        message = told(deadlock(main()))
        assert message.startswith("main waits for other to end; other waits for main to end.\n  None of them can")
        assert not caplog.records

    def test_those_outside_the_circle_are_none_of_it(self) -> None:
        async def philosopher(left: asyncio.Lock, right: asyncio.Lock) -> None:
            async with left:
                await asyncio.sleep(1)
                async with right:
                    pass

        async def main() -> None:
            forks = [asyncio.Lock() for _ in range(3)]
            async with asyncio.TaskGroup() as group:
                for i in range(3):
                    group.create_task(philosopher(forks[i], forks[i - 2]), name=f"P{i}")

        message = deadlock(main())
        assert message.splitlines()[1].count(" waits for ") == 3
        assert "main" not in message.splitlines()[1]
        assert "waits for the tasks of its TaskGroup: P0, P1, P2\n" in message


def test_many_at_the_same_line_are_said_once() -> None:
    async def main() -> None:
        await asyncio.gather(*(asyncio.create_task(on_event(), name=f"W{i}") for i in range(100)))

    message = deadlock(main())
    assert "  W0, W1, W2 and 97 more wait for an Event that nobody has set\n" in message
    assert message.count("asyncio.Event().wait()") == 1


def test_the_second_deadlock_of_a_loop_is_told_without_the_first() -> None:
    async def waits(name: str) -> None:
        await asyncio.gather(asyncio.create_task(on_event(), name=name))

    with asyncio.Runner(loop_factory=VirtualLoop) as runner:
        with pytest.raises(DeadlockError, match="Ann waits"):
            runner.get_loop().run_until_complete(waits("Ann"))
        with pytest.raises(DeadlockError, match="Bob waits") as caught:
            runner.get_loop().run_until_complete(waits("Bob"))
        assert "Ann" not in str(caught.value)
        with pytest.raises(DeadlockError, match="Ann, Bob wait"):
            runner.get_loop().run_forever()


def test_a_task_of_asyncios_own_has_the_line_that_made_it() -> None:
    async def main() -> None:
        await asyncio.create_task(asyncio.Event().wait())

    with tracking_origins():
        message = deadlock(main())
    where = f"{Path(__file__).relative_to(Path.cwd())}:{main.__code__.co_firstlineno + 1}"
    assert f"      made at {where} in main: await asyncio.create_task(asyncio.Event().wait())\n" in message
    assert "locks.py" not in message


def test_who_will_not_be_cancelled_is_told_so_once() -> None:
    async def stubborn() -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await asyncio.Event().wait()

    async def main() -> None:
        task = asyncio.create_task(stubborn(), name="stubborn")
        await asyncio.sleep(0)
        task.cancel()
        await task

    message = deadlock(main())
    assert "  stubborn waits for an Event that nobody has set, though it was cancelled\n" in message
    assert message.count("let the CancelledError out") == 1
    assert "Nobody is left" not in message


async def test_a_task_goes_on_also_when_what_it_waits_for_has_just_come() -> None:
    async def stubborn(came: asyncio.Future[None]) -> None:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            await came

    came = asyncio.get_running_loop().create_future()
    task = asyncio.create_task(stubborn(came))
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.sleep(0)
    came.set_result(None)
    assert goes_on(task)
    await task


async def test_a_task_that_is_about_to_be_told_does_not_go_on() -> None:
    task = asyncio.create_task(on_event())
    await asyncio.sleep(0)
    task.cancel()
    assert not goes_on(task)
    new = asyncio.create_task(on_event())
    new.cancel()
    assert not goes_on(new)


def test_a_circle_of_hundreds_is_told_in_a_few_lines() -> None:
    async def take(first: asyncio.Lock, second: asyncio.Lock) -> None:
        async with first:
            await asyncio.sleep(1)
            async with second:
                pass

    async def main() -> None:
        locks = [asyncio.Lock() for _ in range(300)]
        async with asyncio.TaskGroup() as group:
            for i in range(300):
                group.create_task(take(locks[i], locks[i - 299]), name=f"Task-{10**9 + i}")  # younger than all

    message = deadlock(main())
    circle = message.splitlines()[1]
    assert circle.endswith(f"; and so on, through 294 more, to {circle.partition(' waits')[0]}.")
    assert "waits for the tasks of its TaskGroup: Task-1000000000, Task-1000000001, " in message
    assert "Task-1000000009 and 290 more\n" in message
    assert message.endswith("\n  … and 281 more")
    assert len(message) < 8000


def test_a_semaphore_that_was_handed_over_is_held_by_the_one_that_got_it() -> None:
    async def take(semaphore: asyncio.Semaphore, then: Callable[[], Awaitable[Any]]) -> None:
        async with semaphore:
            await then()

    async def main() -> None:
        semaphore = asyncio.Semaphore(1)
        async with asyncio.TaskGroup() as group:
            group.create_task(take(semaphore, lambda: asyncio.sleep(1)), name="first")
            group.create_task(take(semaphore, asyncio.Event().wait), name="second")
            group.create_task(take(semaphore, asyncio.Event().wait), name="third")

    line = take.__code__.co_firstlineno + 1
    message = deadlock(main())
    assert "third waits for a Semaphore, held by second since " in message
    assert f"test_diagnosis.py:{line}\n" in message
    assert "first" not in message


def test_of_many_who_hold_a_semaphore_some_are_named() -> None:
    async def take(semaphore: asyncio.Semaphore) -> None:
        async with semaphore:
            await asyncio.Event().wait()

    async def main() -> None:
        semaphore = asyncio.Semaphore(100)
        async with asyncio.TaskGroup() as group:
            for n in range(101):
                group.create_task(take(semaphore), name=f"W{n}")

    message = deadlock(main())
    (line,) = (line for line in message.splitlines() if "W100 waits for" in line)
    assert line.count("held by ") == 3
    assert line.endswith(", and by 97 more")


def test_through_async_generators_and_foreign_awaitables() -> None:
    class Foreign:
        def __await__(self) -> Any:
            return (yield from inner().__await__())

    async def inner() -> None:
        await asyncio.Event().wait()

    async def generate() -> Any:
        await Foreign()
        yield

    async def main() -> None:
        async for _ in generate():
            pass

    message = deadlock(main())
    stack = [text.split(": ")[-1].strip() for text in message.splitlines() if ".py:" in text]
    assert stack == [
        "async for _ in generate():",
        "await Foreign()",
        "return (yield from inner().__await__())",
        "await asyncio.Event().wait()",
    ]


def test_through_anext_with_a_default() -> None:
    async def generate() -> Any:
        await asyncio.Event().wait()
        yield

    async def main() -> None:
        await anext(generate(), None)

    message = deadlock(main())
    assert "waits for an Event that nobody has set\n" in message
    assert [text.split(": ")[-1] for text in message.splitlines() if ".py:" in text] == [
        "await anext(generate(), None)",
        "await asyncio.Event().wait()",
    ]


def test_an_awaitable_that_knows_who_awaits_it_is_no_circle() -> None:
    class Foreign:
        def __init__(self, reader: object, coroutine: Coroutine[Any, Any, Any]) -> None:
            self.reader, self.coroutine = reader, coroutine

        def __await__(self) -> Any:
            return self

        def __next__(self) -> Any:
            return self.coroutine.send(None)

        def __bool__(self) -> bool:
            raise AssertionError("nobody is to ask this")

    async def main() -> None:
        task: Any = asyncio.current_task()
        await Foreign(task.get_coro(), on_event())

    message = deadlock(main())
    assert [text.split(": ")[-1] for text in message.splitlines() if ".py:" in text] == [
        "await Foreign(task.get_coro(), on_event())",
        "await asyncio.Event().wait()",
    ]


def test_holders_are_watched_only_meanwhile() -> None:
    async def main() -> str:
        lock = asyncio.Lock()
        await lock.acquire()
        with track_holders(), track_holders():
            lock.release()
            await lock.acquire()
            waiter = asyncio.create_task(lock.acquire())
            await asyncio.sleep(0)
            text = describe_tasks(asyncio.get_running_loop())
        waiter.cancel()
        lock.release()
        return text

    before = vars(asyncio.Lock).get("_locked"), vars(asyncio.Semaphore).get("_value")  # the plugin may track this test
    assert "waits for a Lock, held by Task-" in asyncio.run(main())
    assert (vars(asyncio.Lock).get("_locked"), vars(asyncio.Semaphore).get("_value")) == before


def test_what_asks_is_not_a_part_of_the_step_that_runs() -> None:
    """A time-out strikes where it likes: in asyncio, say, with none of the suite's own code in the step."""
    told: list[str] = []

    async def main() -> None:
        loop = asyncio.get_running_loop()
        loop.call_soon(told.append, describe_tasks(loop))

    with asyncio.Runner() as runner:
        runner.run(main())
        assert f"{Path(__file__).name}:" in told[0]
        assert "blocked.py" not in told[0]


def test_a_real_loop_from_another_thread_while_it_blocks() -> None:
    asked, answered = threading.Event(), threading.Event()
    loops: list[asyncio.AbstractEventLoop] = []

    async def main() -> None:
        loops.append(asyncio.get_running_loop())
        sleeper = asyncio.create_task(asyncio.sleep(30), name="sleeper")
        thread = asyncio.create_task(asyncio.to_thread(answered.wait), name="threaded")
        await asyncio.sleep(0)
        asked.set()
        answered.wait()
        sleeper.cancel()
        await thread

    running = threading.Thread(target=asyncio.run, args=(main(),))
    running.start()
    asked.wait()
    try:
        text = describe_tasks(loops[0])
    finally:
        answered.set()
        running.join()
    assert "is running:" in text
    assert ": answered.wait()" in text
    assert "sleeper waits for asyncio.sleep(30)" in text
    assert "threaded waits for a thread or a process" in text
    assert describe_tasks(loops[0]) == ""

"""Who is blocked, on what, and who holds it, in words."""

from __future__ import annotations

import asyncio
import threading
from typing import TYPE_CHECKING, Any

import pytest

from redloop import DeadlockError, VirtualLoop
from redloop.diagnosis import describe_tasks, track_holders

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Coroutine


def deadlock(main: Coroutine[Any, Any, Any]) -> str:
    with pytest.raises(DeadlockError) as caught, asyncio.Runner(loop_factory=VirtualLoop) as runner:
        runner.run(main)
    return str(caught.value)


async def on_event() -> None:
    await asyncio.Event().wait()


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


@pytest.mark.parametrize(
    ("main", "words"),
    [
        (on_event, "waits for an Event that nobody has set\n"),
        (on_future, "waits for a Future that nobody has resolved\n"),
        (on_task, "waits for the task other\n"),
        (on_gather, "waits for the tasks of its gather(): other\n"),
        (on_group, "waits for the tasks of its TaskGroup: other\n"),
        (on_wait, "waits for other, in asyncio.wait()\n"),
        (on_get, "waits for an item from an empty Queue\n"),
        (on_put, "waits for a free place in a Queue(1)\n"),
        (on_join, "waits for the last task_done() of a Queue, 1 to go\n"),
        (on_barrier, "waits for a Barrier at which 1 of 3 have arrived\n"),
        (on_condition, "waits for a Condition that nobody has notified\n"),
        (on_semaphore, "waits for a BoundedSemaphore, held by "),
    ],
)
def test_what_a_task_waits_for(main: Callable[[], Coroutine[Any, Any, None]], words: str) -> None:
    message = deadlock(main())
    assert words in message
    assert f" in {main.__name__}: " in message


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

    assert "waits for a Lock, held by Task-" in asyncio.run(main())
    assert "_locked" not in vars(asyncio.Lock)
    assert "_value" not in vars(asyncio.Semaphore)


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

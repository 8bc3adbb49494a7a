"""Programs that are right in every order of their tasks, and on a loop that is late: nothing may be reported."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
from typing import TYPE_CHECKING, Any

from corpus_schedules.races import pause

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


async def guarded_update() -> None:
    value, lock = 0, asyncio.Lock()

    async def add() -> None:
        nonlocal value
        async with lock:
            read = value
            await pause()
            value = read + 1

    await asyncio.gather(add(), add(), add())
    assert value == 3


async def a_semaphore_of_one() -> None:
    value, lock = 0, asyncio.Semaphore(1)

    async def add() -> None:
        nonlocal value
        async with lock:
            read = value
            await pause()
            value = read + 1

    await asyncio.gather(add(), add())
    assert value == 2


async def never_more_than_two_inside() -> None:
    limit, inside, peak = asyncio.BoundedSemaphore(2), 0, 0

    async def work() -> None:
        nonlocal inside, peak
        async with limit:
            inside += 1
            peak = max(peak, inside)
            await pause()
            inside -= 1

    await asyncio.gather(*(work() for _ in range(4)))
    assert peak <= 2


async def made_once() -> None:
    made: list[object] = []
    lock = asyncio.Lock()

    async def get() -> object:
        if not made:
            async with lock:
                if not made:
                    await pause()
                    made.append(object())
        return made[0]

    first, second = await asyncio.gather(get(), get())
    assert first is second
    assert len(made) == 1


async def cached_as_a_task() -> None:
    cache: dict[str, asyncio.Task[int]] = {}
    loads = 0

    async def load(key: str) -> int:
        nonlocal loads
        loads += 1
        await pause()
        return len(key)

    async def get(key: str) -> int:
        if key not in cache:
            cache[key] = asyncio.create_task(load(key))
        return await cache[key]

    assert await asyncio.gather(get("a"), get("bb"), get("a")) == [1, 2, 1]
    assert loads == 2


async def while_and_not_if() -> None:
    items, changed, taken = [], asyncio.Condition(), []

    async def take() -> None:
        async with changed:
            while not items:
                await changed.wait()
            taken.append(items.pop())

    async def give() -> None:
        for number in range(2):
            async with changed:
                items.append(number)
                changed.notify_all()
            await pause()

    await asyncio.gather(take(), take(), give())
    assert sorted(taken) == [0, 1]


async def wait_for_a_condition() -> None:
    count, changed = 0, asyncio.Condition()

    async def wait() -> None:
        async with changed:
            await changed.wait_for(lambda: count == 2)

    async def add() -> None:
        nonlocal count
        await pause()
        async with changed:
            count += 1
            changed.notify_all()

    await asyncio.gather(wait(), add(), add())


async def philosophers_with_an_order() -> None:
    forks = [asyncio.Lock() for _ in range(3)]

    async def dine(seat: int) -> None:
        first, second = sorted((seat, (seat + 1) % 3))
        async with forks[first]:
            await pause()
            async with forks[second]:
                await pause()

    await asyncio.gather(*map(dine, range(3)))


async def producer_and_consumers() -> None:
    queue: asyncio.Queue[int | None] = asyncio.Queue(1)
    done: list[int] = []

    async def produce() -> None:
        for number in range(3):
            await queue.put(number)
        for _ in range(2):
            await queue.put(None)

    async def consume() -> None:
        while (item := await queue.get()) is not None:
            await pause()
            done.append(item)

    await asyncio.gather(produce(), consume(), consume())
    assert sorted(done) == [0, 1, 2]


async def joined_and_cancelled() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue()
    done: list[int] = []

    async def work() -> None:
        while True:
            item = await queue.get()
            await pause()
            done.append(item)
            queue.task_done()

    workers = [asyncio.create_task(work()) for _ in range(2)]
    for number in range(3):
        queue.put_nowait(number)
    await queue.join()
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)
    assert sorted(done) == [0, 1, 2]


async def priorities() -> None:
    queue: asyncio.PriorityQueue[int] = asyncio.PriorityQueue()
    await asyncio.gather(*(queue.put(number) for number in (3, 1, 2)))
    assert [await queue.get() for _ in range(3)] == [1, 2, 3]


async def a_barrier_twice() -> None:
    barrier, phases = asyncio.Barrier(3), []

    async def walk(name: int) -> None:
        for phase in range(2):
            phases.append((phase, name))
            await barrier.wait()

    await asyncio.gather(*map(walk, range(3)))
    assert [phase for phase, _ in phases] == [0, 0, 0, 1, 1, 1]


async def an_event_for_everyone() -> None:
    ready, data = asyncio.Event(), {}

    async def start() -> None:
        await pause()
        data["port"] = 80
        ready.set()

    async def use() -> int:
        await ready.wait()
        return data["port"]

    assert (await asyncio.gather(use(), start(), use()))[::2] == [80, 80]


async def a_group_fails_as_one() -> None:
    ended: list[int] = []

    async def fail() -> None:
        await pause()
        raise ValueError

    async def work(number: int) -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await pause()
            ended.append(number)

    with contextlib.suppress(ExceptionGroup):
        async with asyncio.TaskGroup() as group:
            group.create_task(work(1))
            group.create_task(fail())
            group.create_task(work(2))
    assert set(ended) <= {1, 2}


async def tasks_that_spawn_tasks() -> None:
    async def count(depth: int) -> int:
        if depth == 0:
            await pause()
            return 1
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(count(depth - 1)) for _ in range(2)]
        return sum(task.result() for task in tasks)

    assert await count(2) == 4


async def results_in_order() -> None:
    async def fetch(number: int) -> int:
        for _ in range(number):
            await pause()
        return number

    assert await asyncio.gather(fetch(2), fetch(0), fetch(1)) == [2, 0, 1]


async def every_result_once() -> None:
    async def fetch(number: int) -> int:
        for _ in range(number):
            await pause()
        return number

    pending, results = {asyncio.create_task(fetch(number)) for number in range(3)}, []
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        results += [task.result() for task in done]
    assert sorted(results) == [0, 1, 2]


async def a_cancellation_lets_the_next_in() -> None:
    lock, order = asyncio.Lock(), []

    async def hold(name: str) -> None:
        async with lock:
            await pause()
            order.append(name)

    tasks = [asyncio.create_task(hold(name)) for name in "abc"]
    await pause()
    tasks[0].cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    assert {"b", "c"} <= set(order)


async def shielded_and_awaited() -> None:
    log: list[str] = []
    started = asyncio.Event()

    async def commit() -> None:
        await pause()
        log.append("committed")

    async def save() -> None:
        started.set()
        task = asyncio.create_task(commit())
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await task
            raise

    task = asyncio.create_task(save())
    await started.wait()
    task.cancel()
    await asyncio.wait([task])
    assert log == ["committed"]


async def a_time_out_far_away() -> None:
    async def work() -> str:
        await asyncio.sleep(0.1)
        return "done"

    assert await asyncio.wait_for(work(), 2) == "done"
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(0.1):
            await asyncio.sleep(10)
            raise AssertionError


async def a_poller() -> None:
    done = False

    async def work() -> None:
        nonlocal done
        for _ in range(3):
            await pause()
        done = True

    task = asyncio.create_task(work())
    while not done:
        await pause()
    await task


async def a_pipeline_of_generators() -> None:
    async def numbers() -> AsyncIterator[int]:
        for number in range(3):
            await pause()
            yield number

    async def doubled(source: AsyncIterator[int]) -> AsyncIterator[int]:
        async for number in source:
            await pause()
            yield number * 2

    async def collect() -> list[int]:
        return [number async for number in doubled(numbers())]

    assert await asyncio.gather(collect(), collect()) == [[0, 2, 4]] * 2


async def contexts_are_apart() -> None:
    user = contextvars.ContextVar("user", default="nobody")

    async def serve(name: str) -> None:
        user.set(name)
        await pause()
        assert user.get() == name

    await asyncio.gather(serve("a"), serve("b"))
    assert user.get() == "nobody"


async def a_future_from_a_callback() -> None:
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[int] = loop.create_future()
    loop.call_soon(answer.set_result, 42)
    loop.call_later(1, lambda: None)

    async def wait() -> int:
        return await answer

    assert await asyncio.gather(wait(), wait()) == [42, 42]


async def _echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    while line := await reader.readline():
        writer.write(line)
        await writer.drain()
    writer.close()
    await writer.wait_closed()


async def two_clients_of_a_server() -> None:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)

    async def ask(text: bytes) -> bytes:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        writer.write(text)
        await writer.drain()
        line = await reader.readline()
        writer.close()
        await writer.wait_closed()
        return line

    async with server:
        assert await asyncio.gather(ask(b"one\n"), ask(b"two\n")) == [b"one\n", b"two\n"]


async def one_connection_behind_a_lock() -> None:
    server = await asyncio.start_server(_echo, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        lock = asyncio.Lock()

        async def ask(text: bytes) -> bytes:
            async with lock:
                writer.write(text)
                return await reader.readline()

        assert await asyncio.gather(ask(b"one\n"), ask(b"two\n")) == [b"one\n", b"two\n"]
        writer.close()
        await writer.wait_closed()


async def a_background_task_is_ended() -> None:
    beats = 0

    async def beat() -> None:
        nonlocal beats
        while True:
            await asyncio.sleep(1)
            beats += 1

    task = asyncio.create_task(beat())
    await asyncio.sleep(3.5)
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    assert beats >= 2


async def readers_and_a_writer() -> None:
    readers, no_readers, turnstile = 0, asyncio.Event(), asyncio.Lock()
    no_readers.set()
    left = right = 0

    async def read() -> None:
        nonlocal readers
        async with turnstile:
            readers += 1
            no_readers.clear()
        await pause()
        assert left == right
        readers -= 1
        if readers == 0:
            no_readers.set()

    async def write() -> None:
        nonlocal left, right
        async with turnstile:
            await no_readers.wait()
            left += 1
            await pause()
            right += 1

    await asyncio.gather(read(), write(), read())


async def a_task_on_a_private_future_is_held() -> None:
    done: list[int] = []
    held: set[asyncio.Task[Any]] = set()

    async def work(number: int) -> None:
        await pause()
        done.append(number)

    for number in range(2):
        task = asyncio.create_task(work(number))
        held.add(task)
        task.add_done_callback(held.discard)
    while held:
        await pause()
    assert sorted(done) == [0, 1]

"""Programs that are wrong in some order of their tasks. Each public coroutine function is one program."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any


async def pause() -> None:
    """A point at which another task may run, such as any await of something that was not ready."""
    await asyncio.sleep(0)


def _spawn(*coros: Any) -> Any:
    return asyncio.gather(*coros)


async def lost_update() -> None:
    value = 0

    async def add() -> None:
        nonlocal value
        read = value
        await pause()
        value = read + 1

    await _spawn(add(), add())
    assert value == 2


async def lost_update_among_five() -> None:
    value = 0

    async def add() -> None:
        nonlocal value
        for _ in range(2):
            read = value
            await pause()
            value = read + 1
            await pause()

    await _spawn(*(add() for _ in range(5)))
    assert value == 10


async def overdrawn() -> None:
    balance = 100

    async def withdraw() -> None:
        nonlocal balance
        if balance >= 80:
            await pause()
            balance -= 80

    await _spawn(withdraw(), withdraw())
    assert balance >= 0


async def a_lock_for_each_call() -> None:
    value = 0

    async def add() -> None:
        nonlocal value
        async with asyncio.Lock():
            read = value
            await pause()
            value = read + 1

    await _spawn(add(), add())
    assert value == 2


async def only_the_write_is_guarded() -> None:
    value, lock = 0, asyncio.Lock()

    async def add() -> None:
        nonlocal value
        read = value
        await pause()
        async with lock:
            await pause()
            value = read + 1

    await _spawn(add(), add())
    assert value == 2


async def made_twice() -> None:
    made: list[object] = []
    shared: object | None = None

    async def connect() -> object:
        await pause()
        made.append(object())
        return made[-1]

    async def get() -> object:
        nonlocal shared
        if shared is None:
            shared = await connect()
        return shared

    first, second = await _spawn(get(), get())
    assert first is second
    assert len(made) == 1


async def cache_stampede() -> None:
    cache: dict[str, int] = {}
    loads = 0

    async def load(key: str) -> int:
        nonlocal loads
        if key not in cache:
            loads += 1
            await pause()
            await pause()
            cache[key] = len(key)
        return cache[key]

    await _spawn(load("a"), load("b"), load("a"))
    assert loads == 2


async def pops_from_an_empty_list() -> None:
    items, changed = [], asyncio.Condition()

    async def take() -> int:
        async with changed:
            if not items:
                await changed.wait()
            return items.pop()

    async def give() -> None:
        for number in range(2):
            async with changed:
                items.append(number)
                changed.notify_all()
            await pause()

    await _spawn(take(), take(), give())


async def empty_between_look_and_get() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue()
    for number in range(3):
        queue.put_nowait(number)

    async def work() -> None:
        while not queue.empty():
            await pause()
            queue.get_nowait()

    await _spawn(work(), work())


async def released_twice() -> None:
    limit, inside = asyncio.Semaphore(1), 0

    async def work() -> None:
        nonlocal inside
        async with limit:
            inside += 1
            assert inside == 1
            await pause()
            inside -= 1
            limit.release()

    await _spawn(work(), work(), work())


async def looks_at_the_lock_first() -> None:
    lock, busy = asyncio.Lock(), 0

    async def work() -> bool:
        nonlocal busy
        if lock.locked():
            return False
        await pause()
        busy += 1
        async with lock:
            await pause()
            assert busy == 1
        busy -= 1
        return True

    await _spawn(work(), work())


async def results_as_they_come() -> None:
    results: list[int] = []

    async def fetch(number: int) -> None:
        await pause()
        results.append(number)

    async with asyncio.TaskGroup() as group:
        for number in range(3):
            group.create_task(fetch(number))
    assert results == [0, 1, 2]


async def grows_while_it_is_read() -> None:
    users = {1: "a", 2: "b"}

    async def report() -> None:
        for _ in users:
            await pause()

    async def join() -> None:
        await pause()
        users[3] = "c"

    await _spawn(report(), join())


async def ready_before_it_is() -> None:
    ready, data = asyncio.Event(), {}

    async def start() -> None:
        ready.set()
        await pause()
        data["port"] = 80

    async def use() -> None:
        await ready.wait()
        assert data["port"] == 80

    await _spawn(use(), start())


async def closed_twice() -> None:
    users, closed = 2, 0

    async def leave() -> None:
        nonlocal users, closed
        users -= 1
        await pause()
        if users == 0:
            closed += 1

    await _spawn(leave(), leave())
    assert closed == 1


async def one_connection_for_two() -> None:
    free, used = deque([1, 2]), set()

    async def work() -> None:
        connection = free[0]
        await pause()
        assert connection not in used
        used.add(connection)
        free.remove(connection)
        await pause()
        used.remove(connection)
        free.append(connection)

    await _spawn(work(), work())


async def compares_and_then_swaps() -> None:
    version, winners = 0, []

    async def update() -> None:
        nonlocal version
        seen = version
        await pause()
        if version == seen:
            await pause()
            version = seen + 1
            winners.append(version)

    await _spawn(update(), update())
    assert len(winners) == version


async def half_written() -> None:
    left = right = 0

    async def write() -> None:
        nonlocal left, right
        for number in range(1, 4):
            left = number
            await pause()
            right = number
            await pause()

    async def read() -> None:
        await pause()
        assert left == right

    await _spawn(write(), read())


async def counts_children_too_early() -> None:
    present: list[int] = []

    async def child(number: int) -> None:
        present.append(number)

    async def parent() -> int:
        tasks = [asyncio.create_task(child(number)) for number in range(2)]
        await pause()
        count = len(present)
        await asyncio.gather(*tasks)
        return count

    assert await asyncio.create_task(parent()) == 2


async def answered_twice() -> None:
    answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def ask(number: int) -> None:
        if not answer.done():
            await pause()
            answer.set_result(number)

    await _spawn(ask(1), ask(2))


async def audit_in_the_middle_of_a_transfer() -> None:
    accounts = {"a": 50, "b": 50}

    async def transfer() -> None:
        for _ in range(3):
            accounts["a"] -= 10
            await pause()
            accounts["b"] += 10
            await pause()

    async def audit() -> None:
        await pause()
        await pause()
        assert sum(accounts.values()) == 100

    await _spawn(audit(), transfer())


async def first_of_two() -> None:
    async def fetch(number: int) -> int:
        for _ in range(number):
            await pause()
        return number

    pending = {asyncio.create_task(fetch(1)), asyncio.create_task(fetch(3))}
    done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    assert [task.result() for task in done] == [1]


async def goes_on_after_the_failure() -> None:
    log: list[str] = []

    async def fail() -> None:
        await pause()
        raise ValueError

    async def write() -> None:
        for _ in range(3):
            await pause()
        log.append("written")

    try:
        await _spawn(write(), fail())
    except ValueError:
        before = len(log)
        for _ in range(5):
            await pause()
        assert len(log) == before


async def a_step_of_three() -> None:
    """Two forced switches: the first task waits in the middle, the second one between its two looks."""
    state = 0

    async def first() -> None:
        nonlocal state
        state = 1
        await pause()
        state = 2
        await pause()
        state = 3

    async def second() -> None:
        seen = [state]
        await pause()
        seen.append(state)
        assert seen != [1, 2]

    await _spawn(first(), second())


async def turn_and_turn_about() -> None:
    """Three forced switches."""
    said: list[str] = []

    async def say(word: str) -> None:
        for _ in range(3):
            said.append(word)
            await pause()

    await _spawn(say("a"), say("b"))
    assert "".join(said[:4]) not in {"abab", "baba"}


async def stop_flag_after_the_work() -> None:
    stopped, done_after_stop = False, 0

    async def work() -> None:
        nonlocal done_after_stop
        while not stopped:
            await pause()
            done_after_stop += stopped

    async def stop() -> None:
        nonlocal stopped
        await pause()
        stopped = True

    await _spawn(work(), stop())
    assert done_after_stop == 0


async def window_far_away() -> None:
    is_open = False

    async def door() -> None:
        nonlocal is_open
        for _ in range(60):
            await pause()
        is_open = True
        await pause()
        is_open = False
        for _ in range(60):
            await pause()

    async def thief() -> None:
        for _ in range(60):
            await pause()
        assert not is_open

    await _spawn(door(), thief())


async def cancelled_with_the_item_in_hand() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue()
    done: list[int] = []

    async def work() -> None:
        while True:
            item = await queue.get()
            await pause()
            done.append(item)
            queue.task_done()

    worker = asyncio.create_task(work())
    queue.put_nowait(1)
    await pause()
    worker.cancel()
    await asyncio.wait([worker])
    assert queue.empty() == bool(done)


async def cleans_up_what_is_in_use() -> None:
    resource: dict[str, int] = {"rows": 1}

    async def use() -> None:
        for _ in range(3):
            await pause()
            assert resource["rows"] == 1

    async def own() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            await pause()
            resource.clear()

    owner, user = asyncio.create_task(own()), asyncio.create_task(use())
    await pause()
    owner.cancel()
    await asyncio.wait([owner])
    await user


async def two_messages_on_one_connection() -> None:
    """A frame is a length and a body; two writers put one into the other."""

    async def send(writer: asyncio.StreamWriter, text: bytes) -> None:
        writer.write(b"%d\n" % len(text))
        await pause()
        writer.write(text)
        await writer.drain()

    frames: list[bytes] = []
    received = asyncio.Event()

    async def receive(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            for _ in range(2):
                length = int(await reader.readline())
                frames.append(await reader.readexactly(length))
        except (ValueError, asyncio.IncompleteReadError) as error:
            frames.append(repr(error).encode())
        finally:
            received.set()
            writer.close()

    server = await asyncio.start_server(receive, "127.0.0.1", 0)
    async with server:
        _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        await _spawn(send(writer, b"one"), send(writer, b"three"))
        await received.wait()
        writer.close()
        await writer.wait_closed()
    assert sorted(frames) == [b"one", b"three"]


async def answers_go_to_the_wrong_one() -> None:
    """Two clients share a connection and take whatever line comes next."""

    async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
        writer.close()

    server = await asyncio.start_server(echo, "127.0.0.1", 0)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
        turn = asyncio.Lock()

        async def ask(text: bytes) -> bytes:
            writer.write(text + b"\n")
            await writer.drain()
            await pause()
            async with turn:
                return (await reader.readline()).strip()

        answers = await _spawn(ask(b"one"), ask(b"two"))
        writer.close()
        await writer.wait_closed()
    assert answers == [b"one", b"two"]

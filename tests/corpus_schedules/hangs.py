"""Programs that hang in some order of their tasks: each has to be reported as a deadlock."""

from __future__ import annotations

import asyncio

from corpus_schedules.races import pause


async def two_locks_the_wrong_way_round() -> None:
    a, b = asyncio.Lock(), asyncio.Lock()

    async def both(first: asyncio.Lock, second: asyncio.Lock) -> None:
        async with first:
            await pause()
            async with second:
                pass

    async with asyncio.TaskGroup() as group:
        group.create_task(both(a, b))
        group.create_task(both(b, a))


async def dining_philosophers(count: int = 3) -> None:
    forks = [asyncio.Lock() for _ in range(count)]

    async def dine(seat: int) -> None:
        async with forks[seat]:
            await pause()
            async with forks[(seat + 1) % count]:
                await pause()

    await asyncio.gather(*map(dine, range(count)))


async def five_philosophers() -> None:
    await dining_philosophers(5)


async def lost_wake_up() -> None:
    turn = asyncio.Event()

    async def wait() -> None:
        await pause()
        await turn.wait()

    async def wake() -> None:
        await pause()
        turn.set()
        turn.clear()

    await asyncio.gather(wait(), wake())


async def notified_before_anyone_waits() -> None:
    changed = asyncio.Condition()

    async def wait() -> None:
        async with changed:
            await changed.wait()

    async def notify() -> None:
        async with changed:
            changed.notify_all()

    await asyncio.gather(wait(), notify())


async def one_is_notified_and_the_wrong_one() -> None:
    changed, items = asyncio.Condition(), []

    async def take(wanted: int) -> None:
        async with changed:
            while wanted not in items:
                await changed.wait()
            items.remove(wanted)

    async def give(number: int) -> None:
        await pause()
        async with changed:
            items.append(number)
            changed.notify()

    await asyncio.gather(take(1), take(2), give(1), give(2))


async def one_sentinel_for_two_workers() -> None:
    queue: asyncio.Queue[int | None] = asyncio.Queue()
    stopped = False

    async def work() -> None:
        nonlocal stopped
        while not stopped:
            item = await queue.get()
            await pause()
            if item is None:
                stopped = True

    for item in (1, 2, None):
        queue.put_nowait(item)
    await asyncio.gather(work(), work())


async def kept_after_a_cancellation() -> None:
    lock = asyncio.Lock()

    async def hold() -> None:
        await lock.acquire()
        await pause()
        lock.release()

    task = asyncio.create_task(hold())
    await pause()
    task.cancel()
    await asyncio.wait([task])
    async with lock:
        pass


async def a_barrier_made_of_a_counter() -> None:
    arrived, everyone = 0, asyncio.Event()

    async def round_of(_: int) -> None:
        nonlocal arrived
        for _ in range(3):
            arrived += 1
            if arrived == 2:
                everyone.set()
                arrived = 0
                await pause()
                everyone.clear()
            else:
                await everyone.wait()

    await asyncio.gather(round_of(1), round_of(2))


async def full_and_nobody_reads() -> None:
    queue: asyncio.Queue[int] = asyncio.Queue(1)
    stopped = False

    async def produce() -> None:
        for number in range(3):
            await queue.put(number)
            await pause()

    async def consume() -> None:
        for _ in range(3):
            await queue.get()
            await pause()
            if stopped:
                return

    async def stop() -> None:
        nonlocal stopped
        for _ in range(2):
            await pause()
        stopped = True

    await asyncio.gather(produce(), consume(), stop())


async def waits_for_each_other() -> None:
    tasks: dict[str, asyncio.Task[None]] = {}

    async def one() -> None:
        await pause()
        if not tasks["two"].done():
            await tasks["two"]

    async def two() -> None:
        await pause()
        if not tasks["one"].done():
            await asyncio.wait([tasks["one"]])

    tasks["one"], tasks["two"] = asyncio.create_task(one()), asyncio.create_task(two())
    await asyncio.wait(list(tasks.values()))

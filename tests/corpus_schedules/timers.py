"""Programs that are wrong only when the loop is late: in exact virtual time their timers hide the race."""

from __future__ import annotations

import asyncio


async def _after(seconds: float, *steps: object) -> None:
    await asyncio.sleep(seconds)
    for step in steps:
        step()  # type: ignore[operator]


async def sleeps_for_an_order() -> None:
    seen: list[str] = []
    await asyncio.gather(_after(0.01, lambda: seen.append("first")), _after(0.02, lambda: seen.append("second")))
    assert seen == ["first", "second"]


async def read_and_write_with_a_pause() -> None:
    value = 0

    async def add(start: float) -> None:
        nonlocal value
        await asyncio.sleep(start)
        read = value
        await asyncio.sleep(0.01)
        value = read + 1

    await asyncio.gather(add(0.0), add(0.011))
    assert value == 2


async def ready_in_time() -> None:
    config: dict[str, int] = {}

    async def load() -> None:
        await asyncio.sleep(0.02)
        config["port"] = 80

    async def serve() -> None:
        await asyncio.sleep(0.05)
        assert config["port"] == 80

    await asyncio.gather(serve(), load())


async def a_time_out_just_above() -> None:
    async def work() -> str:
        await asyncio.sleep(0.09)
        return "done"

    async with asyncio.timeout(0.1):
        assert await work() == "done"


async def heart_beat() -> None:
    last, alive = 0.0, True
    loop = asyncio.get_running_loop()

    async def beat() -> None:
        nonlocal last
        for _ in range(3):
            await asyncio.sleep(0.05)
            last = loop.time()

    async def watch() -> None:
        nonlocal alive
        for _ in range(2):
            await asyncio.sleep(0.06)
            alive = alive and loop.time() - last < 0.06

    await asyncio.gather(beat(), watch())
    assert alive


async def expires_between_look_and_use() -> None:
    cache = {"key": 1}

    async def use() -> None:
        await asyncio.sleep(0.01)
        if "key" in cache:
            await asyncio.sleep(0.01)
            assert cache["key"] == 1

    await asyncio.gather(use(), _after(0.03, cache.clear))


async def polls_less_often_than_it_changes() -> None:
    state, seen = 0, []

    async def change() -> None:
        nonlocal state
        for _ in range(3):
            await asyncio.sleep(0.02)
            state += 1

    async def poll() -> None:
        await asyncio.sleep(0.01)
        for _ in range(4):
            seen.append(state)
            await asyncio.sleep(0.02)

    await asyncio.gather(change(), poll())
    assert seen == [0, 1, 2, 3]


async def closes_after_a_while() -> None:
    open_, written = True, []

    async def write() -> None:
        for number in range(3):
            await asyncio.sleep(0.01)
            assert open_
            written.append(number)

    async def close() -> None:
        nonlocal open_
        await asyncio.sleep(0.04)
        open_ = False

    await asyncio.gather(write(), close())
    assert written == [0, 1, 2]


async def a_lease_of_thirty_milliseconds() -> None:
    holder: list[str] = []

    async def hold() -> None:
        holder.append("a")
        await asyncio.sleep(0.025)
        assert holder[-1] == "a"

    async def take_over() -> None:
        await asyncio.sleep(0.03)
        holder.append("b")

    await asyncio.gather(hold(), take_over())

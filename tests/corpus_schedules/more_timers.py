"""More programs that are wrong only when the loop is late."""

from __future__ import annotations

import asyncio


async def debounce_timer():
    loop = asyncio.get_running_loop()
    fired = []
    handle = None

    def fire():
        fired.append(loop.time())

    async def keys():
        nonlocal handle
        for _ in range(3):
            if handle:
                handle.cancel()
            handle = loop.call_later(0.05, fire)
            await asyncio.sleep(0.03)

    await keys()
    await asyncio.sleep(0.1)
    assert len(fired) == 1


async def wait_timeout_partial():

    async def f(d):
        await asyncio.sleep(d)
        return d

    done, pending = await asyncio.wait([asyncio.create_task(f(d)) for d in (0.01, 0.02)], timeout=0.04)
    for p in pending:
        p.cancel()
    assert len(done) == 2


async def token_bucket_refill():
    tokens = 1

    async def refill():
        nonlocal tokens
        for _ in range(3):
            await asyncio.sleep(0.02)
            tokens += 1

    async def spend():
        nonlocal tokens
        for _ in range(3):
            assert tokens > 0
            tokens -= 1
            await asyncio.sleep(0.025)

    await asyncio.gather(refill(), spend())


async def producer_paced():
    q = asyncio.Queue(maxsize=1)

    async def prod():
        for i in range(3):
            q.put_nowait(i)
            await asyncio.sleep(0.02)

    async def cons():
        for i in range(3):
            await asyncio.sleep(0.015)
            assert await q.get() == i

    await asyncio.gather(prod(), cons())


async def cross_sleep_update():
    n = 0

    async def inc(delay):
        nonlocal n
        await asyncio.sleep(delay)
        v = n
        await asyncio.sleep(0.01)
        n = v + 1

    await asyncio.gather(inc(0), inc(0.02), inc(0.04))
    assert n == 3

"""More programs that hang in some order of their tasks: each has to be reported as a deadlock."""

from __future__ import annotations

import asyncio


async def philosophers_at_a_table():

    class Table:
        def __init__(self, n):
            self.forks = [asyncio.Semaphore(1) for _ in range(n)]
            self.n = n

        async def eat(self, i):
            for _ in range(2):
                await self.forks[i].acquire()
                await asyncio.sleep(0.001)
                await self.forks[(i + 1) % self.n].acquire()
                await asyncio.sleep(0.001)
                self.forks[i].release()
                self.forks[(i + 1) % self.n].release()

    t = Table(4)
    async with asyncio.TaskGroup() as g:
        for i in range(4):
            g.create_task(t.eat(i), name=f"philosopher {i}")


async def transfer_locks_three():
    locks = {k: asyncio.Lock() for k in "abc"}

    async def t(x, y):
        await asyncio.sleep(0)
        async with locks[x]:
            await asyncio.sleep(0)
            async with locks[y]:
                pass

    await asyncio.gather(t("a", "b"), t("b", "c"), t("c", "a"))


async def queue_join_without_task_done():
    q = asyncio.Queue()

    async def w():
        while True:
            i = await q.get()
            if i % 2:
                await asyncio.sleep(0)
                continue
            q.task_done()

    for i in range(3):
        q.put_nowait(i)
    t = asyncio.create_task(w())
    await q.join()
    t.cancel()


async def pipeline_full_queues():
    a, b = (asyncio.Queue(1), asyncio.Queue(1))

    async def left():
        for i in range(3):
            await a.put(i)
        for _ in range(3):
            await b.get()

    async def right():
        for i in range(3):
            await b.put(i)
        for _ in range(3):
            await a.get()

    await asyncio.gather(left(), right())


async def condition_notify_one():
    c = asyncio.Condition()
    buf = []

    async def put(x):
        async with c:
            while len(buf) >= 1:
                await c.wait()
            buf.append(x)
            c.notify()

    async def get():
        async with c:
            while not buf:
                await c.wait()
            buf.pop()
            c.notify()

    await asyncio.gather(*(put(i) for i in range(3)), *(get() for _ in range(3)))


async def hang_in_timeoutless_thread_free():
    """with to_thread in it"""
    a, b = (asyncio.Lock(), asyncio.Lock())

    async def x(p, q):
        async with p:
            await asyncio.to_thread(lambda: None)
            async with q:
                pass

    await asyncio.gather(x(a, b), x(b, a))


async def hang_behind_stream():
    s = None
    lock = asyncio.Lock()

    async def handle(r, w):
        async with lock:
            await r.readline()
            w.write(b"ok\n")
            await w.drain()
        w.close()

    s = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = s.sockets[0].getsockname()[1]
    r1, w1 = await asyncio.open_connection("127.0.0.1", port)
    r2, w2 = await asyncio.open_connection("127.0.0.1", port)

    async def c(r, w, other):
        if other is not None:
            await other.wait()
        w.write(b"x\n")
        await r.readline()
        first.set()
        w.close()

    first = asyncio.Event()
    await asyncio.gather(c(r1, w1, first), c(r2, w2, None))
    s.close()


async def stop_sentinel_swallowed():
    q = asyncio.Queue()

    async def w():
        while (await q.get()) is not None:
            await asyncio.sleep(0)

    ws = [asyncio.create_task(w()) for _ in range(3)]
    for i in range(3):
        await q.put(i)
    for _ in range(2):
        await q.put(None)
    await asyncio.gather(*ws)


async def rw_lock_reader_upgrade():
    readers = 0
    c = asyncio.Condition()

    async def upgrade():
        nonlocal readers
        async with c:
            readers += 1
        await asyncio.sleep(0)
        async with c:
            await c.wait_for(lambda: readers == 1)
            readers -= 1
            c.notify_all()

    await asyncio.gather(upgrade(), upgrade())


async def rw_two_first_readers_swapped():

    class RW:
        def __init__(self):
            self.n = 0
            self.m = asyncio.Lock()
            self.w = asyncio.Lock()

        async def r_in(self):
            async with self.m:
                self.n += 1
                if self.n == 1:
                    await self.w.acquire()

        async def r_out(self):
            async with self.m:
                self.n -= 1
                if self.n == 0:
                    self.w.release()

    rw = RW()

    async def reader():
        await rw.r_in()
        await asyncio.sleep(0)
        await rw.r_out()

    async def writer():
        async with rw.w:
            await asyncio.sleep(0)
            async with rw.m:
                pass

    await asyncio.gather(reader(), writer(), reader())


async def group_child_waits_for_sibling_that_failed_quietly():
    ready = asyncio.Event()

    async def a():
        try:
            await asyncio.sleep(0)
            if not started:
                raise RuntimeError
            ready.set()
        except RuntimeError:
            pass

    started = False

    async def b():
        nonlocal started
        await asyncio.sleep(0)
        started = True
        await ready.wait()

    async with asyncio.TaskGroup() as g:
        g.create_task(a())
        g.create_task(b())


async def shield_hang():
    fut = asyncio.get_running_loop().create_future()

    async def setter():
        await asyncio.sleep(0)
        if not fut.done():
            fut.set_result(1)

    t = asyncio.create_task(setter())
    await asyncio.sleep(0)
    t.cancel()
    await asyncio.shield(fut)


async def cond_without_broadcast():
    c = asyncio.Condition()
    n = 0

    async def wait_even():
        async with c:
            await c.wait_for(lambda: n == 2)

    async def wait_any():
        async with c:
            await c.wait_for(lambda: n >= 1)

    async def inc():
        nonlocal n
        for _ in range(2):
            async with c:
                n += 1
                c.notify(1)
            await asyncio.sleep(0)

    await asyncio.gather(wait_even(), wait_any(), inc())


async def pool_exhausted_nested():
    s = asyncio.Semaphore(2)

    async def outer():
        async with s:
            await asyncio.sleep(0)
            async with s:
                pass

    await asyncio.gather(outer(), outer())


async def barrier_participant_cancelled():
    b = asyncio.Barrier(2)

    async def p():
        await asyncio.sleep(0)
        await b.wait()

    t1 = asyncio.create_task(p())
    t2 = asyncio.create_task(p())
    await asyncio.sleep(0)
    t1.cancel()
    await asyncio.gather(t1, t2, return_exceptions=True)


async def async_generator_deadlock():
    lock = asyncio.Lock()

    async def rows():
        async with lock:
            for i in range(2):
                await asyncio.sleep(0)
                yield i

    async def use():
        async for _ in rows():
            async with lock:
                pass

    await use()


async def heartbeat_and_lost_wakeup():
    ev = asyncio.Event()

    async def beat():
        while True:
            await asyncio.sleep(5)

    async def w():
        await asyncio.sleep(0)
        await ev.wait()

    async def s():
        await asyncio.sleep(0)
        ev.set()
        ev.clear()

    hb = asyncio.create_task(beat())
    await asyncio.gather(w(), s())
    hb.cancel()


async def turnstile_threads():
    a, b = (asyncio.Lock(), asyncio.Lock())

    async def m(x, y):
        async with x:
            await asyncio.to_thread(int, "3")
            async with y:
                pass

    async with asyncio.TaskGroup() as g:
        g.create_task(m(a, b))
        g.create_task(m(b, a))


async def stream_both_wait():

    async def h(r, w):
        n = await r.read(4)
        if n == b"ping":
            w.write(b"pong")
            await w.drain()
        await r.read()
        w.close()

    s = await asyncio.start_server(h, "127.0.0.1", 0)
    async with s:
        r, w = await asyncio.open_connection(*s.sockets[0].getsockname()[:2])

        async def first():
            w.write(b"pi")

        async def second():
            await asyncio.sleep(0)
            w.write(b"ng")

        t = asyncio.gather(first(), second())
        await r.readexactly(4)
        await t
        w.close()

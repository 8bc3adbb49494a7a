"""More correct programs: none may fail in any order of its tasks, on a loop that is 50 ms late either."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import contextvars
import random
import socket
import threading
import time


async def bank_ordered_locks():

    class Acc:
        def __init__(self, i, v):
            self.i = i
            self.v = v
            self.lock = asyncio.Lock()

    async def transfer(a, b, n):
        first, second = sorted((a, b), key=lambda x: x.i)
        async with first.lock, second.lock:
            v = a.v
            await asyncio.sleep(0)
            a.v = v - n
            v = b.v
            await asyncio.sleep(0)
            b.v = v + n

    a, b = (Acc(1, 100), Acc(2, 100))
    await asyncio.gather(transfer(a, b, 10), transfer(b, a, 20))
    assert (a.v, b.v) == (110, 90)


class RW:
    def __init__(self):
        self.c = asyncio.Condition()
        self.r = 0
        self.w = False

    @contextlib.asynccontextmanager
    async def read(self):
        async with self.c:
            await self.c.wait_for(lambda: not self.w)
            self.r += 1
        try:
            yield
        finally:
            async with self.c:
                self.r -= 1
                self.c.notify_all()

    @contextlib.asynccontextmanager
    async def write(self):
        async with self.c:
            await self.c.wait_for(lambda: not self.w and self.r == 0)
            self.w = True
        try:
            yield
        finally:
            async with self.c:
                self.w = False
                self.c.notify_all()


async def rw_lock_ok():
    rw = RW()
    d = [0, 0]

    async def r():
        async with rw.read():
            a = d[0]
            await asyncio.sleep(0)
            assert a == d[1]

    async def w():
        async with rw.write():
            d[0] += 1
            await asyncio.sleep(0)
            d[1] += 1

    await asyncio.gather(r(), w(), r())
    assert d == [1, 1]


async def pool_ok():

    class Pool:
        def __init__(self, n):
            self.q = asyncio.LifoQueue()
            for i in range(n):
                self.q.put_nowait(i)

        @contextlib.asynccontextmanager
        async def conn(self):
            c = await self.q.get()
            try:
                yield c
            finally:
                self.q.put_nowait(c)

    p = Pool(2)
    busy = set()

    async def use():
        async with p.conn() as c:
            assert c not in busy
            busy.add(c)
            await asyncio.sleep(0.01)
            busy.remove(c)

    async with asyncio.TaskGroup() as g:
        for _ in range(4):
            g.create_task(use())


async def single_flight():
    inflight = {}
    loads = 0

    async def load(k):
        nonlocal loads
        loads += 1
        await asyncio.sleep(0)
        return k * 2

    async def get(k):
        if (f := inflight.get(k)) is None:
            f = inflight[k] = asyncio.ensure_future(load(k))
        return await f

    assert await asyncio.gather(get("a"), get("a"), get("b")) == ["aa", "aa", "bb"]
    assert loads == 2


async def limiter_ok():
    loop = asyncio.get_running_loop()
    sem = asyncio.Semaphore(2)
    log = []

    async def call():
        async with sem:
            log.append(loop.time())
            await asyncio.sleep(1)

    await asyncio.gather(*(call() for _ in range(5)))
    assert sorted(log) == [0, 0, 1, 1, 2]


async def barrier_phases():
    b = asyncio.Barrier(3)
    log = []

    async def w(n):
        for phase in range(2):
            log.append(phase)
            await b.wait()

    await asyncio.gather(*map(w, range(3)))
    assert log == sorted(log)


async def cond_bounded_buffer():
    c = asyncio.Condition()
    buf = []
    got = []

    async def put(x):
        async with c:
            while len(buf) >= 1:
                await c.wait()
            buf.append(x)
            c.notify_all()

    async def get():
        async with c:
            while not buf:
                await c.wait()
            got.append(buf.pop())
            c.notify_all()

    await asyncio.gather(put(1), put(2), get(), get())
    assert sorted(got) == [1, 2]


async def graceful_cancel():
    q = asyncio.Queue()
    done = []

    async def w():
        while True:
            i = await q.get()
            try:
                await asyncio.sleep(0)
                done.append(i)
            finally:
                q.task_done()

    ts = [asyncio.create_task(w()) for _ in range(2)]
    for i in range(4):
        q.put_nowait(i)
    await q.join()
    for t in ts:
        t.cancel()
    await asyncio.gather(*ts, return_exceptions=True)
    assert sorted(done) == [0, 1, 2, 3]


async def an_echo_server():

    async def h(r, w):
        while line := (await r.readline()):
            w.write(line.upper())
            await w.drain()
        w.close()
        await w.wait_closed()

    s = await asyncio.start_server(h, "127.0.0.1", 0)
    port = s.sockets[0].getsockname()[1]

    async def c(t):
        r, w = await asyncio.open_connection("127.0.0.1", port)
        w.write(t + b"\n")
        await w.drain()
        line = await r.readline()
        w.close()
        await w.wait_closed()
        return line

    async with s:
        assert await asyncio.gather(c(b"a"), c(b"b"), c(b"c")) == [b"A\n", b"B\n", b"C\n"]


async def agen_lock():

    async def ids():
        n = 0
        while True:
            n += 1
            await asyncio.sleep(0)
            yield n

    g = ids()
    lock = asyncio.Lock()

    async def take():
        out = []
        for _ in range(2):
            async with lock:
                out.append(await anext(g))
        return out

    a, b = await asyncio.gather(take(), take())
    await g.aclose()
    assert sorted(a + b) == [1, 2, 3, 4]


async def to_thread_ok():
    n = 0
    lock = threading.Lock()

    def bump():
        nonlocal n
        with lock:
            n += 1

    await asyncio.gather(*(asyncio.to_thread(bump) for _ in range(4)))
    assert n == 4


async def to_thread_context():
    v = contextvars.ContextVar("v")

    async def r(i):
        v.set(i)
        await asyncio.sleep(0)
        assert await asyncio.to_thread(v.get) == i
        return i

    assert await asyncio.gather(r(1), r(2)) == [1, 2]


async def run_in_executor_chain():
    loop = asyncio.get_running_loop()

    async def sq(x):
        return await loop.run_in_executor(None, lambda: x * x)

    assert sum(await asyncio.gather(*map(sq, range(4)))) == 14


async def tree_sum():

    async def s(d):
        if d == 0:
            return 1
        async with asyncio.TaskGroup() as g:
            a = g.create_task(s(d - 1))
            b = g.create_task(s(d - 1))
        return a.result() + b.result()

    assert await s(3) == 8


async def eager_ok():
    if hasattr(asyncio, "eager_task_factory"):
        asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
    lock = asyncio.Lock()
    n = 0

    async def inc():
        nonlocal n
        async with lock:
            v = n
            await asyncio.sleep(0)
            n = v + 1

    async with asyncio.TaskGroup() as g:
        for _ in range(3):
            g.create_task(inc())
    assert n == 3


async def tg_cancel_rolls_back():
    acc = {"a": 10, "b": 0}

    async def move():
        acc["a"] -= 10
        try:
            await asyncio.sleep(0)
        except asyncio.CancelledError:
            acc["a"] += 10
            raise
        acc["b"] += 10

    async def boom():
        await asyncio.sleep(0)
        raise RuntimeError

    try:
        async with asyncio.TaskGroup() as g:
            g.create_task(move())
            g.create_task(boom())
    except* RuntimeError:
        pass
    assert sum(acc.values()) == 10


async def pubsub():

    async def sub(q, out):
        while (m := (await q.get())) is not None:
            out.append(m)

    outs = [[] for _ in range(2)]
    qs = [asyncio.Queue() for _ in range(2)]
    async with asyncio.TaskGroup() as g:
        for q, o in zip(qs, outs, strict=False):
            g.create_task(sub(q, o))
        for m in (1, 2, None):
            for q in qs:
                q.put_nowait(m)
            await asyncio.sleep(0)
    assert outs == [[1, 2], [1, 2]]


async def event_ok():
    ev = asyncio.Event()
    items = collections.deque()
    got = []

    async def cons():
        while len(got) < 3:
            while not items:
                ev.clear()
                await ev.wait()
            got.append(items.popleft())

    async def prod():
        for i in range(3):
            items.append(i)
            ev.set()
            await asyncio.sleep(0)

    await asyncio.gather(cons(), prod())
    assert got == [0, 1, 2]


async def a_periodic_task():
    ticks = []

    async def tick():
        while True:
            ticks.append(1)
            await asyncio.sleep(10)

    t = asyncio.create_task(tick())
    await asyncio.sleep(35)
    t.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await t
    assert len(ticks) == 4


async def gen_aclose():
    closed = []

    async def g():
        try:
            for i in range(5):
                await asyncio.sleep(0)
                yield i
        finally:
            await asyncio.sleep(0)
            closed.append(1)

    async def use():
        async with contextlib.aclosing(g()) as it:
            async for x in it:
                if x == 1:
                    break

    await asyncio.gather(use(), use())
    assert closed == [1, 1]


async def udp_or_pipe():
    loop = asyncio.get_running_loop()
    a, b = socket.socketpair()
    a.setblocking(False)
    b.setblocking(False)
    with a, b:

        async def s():
            await loop.sock_sendall(a, b"hi")

        async def r():
            return await loop.sock_recv(b, 10)

        _, x = await asyncio.gather(s(), r())
        assert x == b"hi"


async def threadsafe_callback():
    loop = asyncio.get_running_loop()
    f = loop.create_future()
    threading.Thread(target=lambda: loop.call_soon_threadsafe(f.set_result, 5)).start()
    assert await f == 5


async def run_coroutine_threadsafe_():
    loop = asyncio.get_running_loop()

    async def add(x):
        await asyncio.sleep(0)
        return x + 1

    def th():
        return asyncio.run_coroutine_threadsafe(add(1), loop).result()

    assert await asyncio.to_thread(th) == 2


async def jitter_ok():
    n = 0
    lock = asyncio.Lock()

    async def inc():
        nonlocal n
        await asyncio.sleep(random.random())
        async with lock:
            v = n
            await asyncio.sleep(random.random() / 10)
            n = v + 1

    await asyncio.gather(*(inc() for _ in range(4)))
    assert n == 4


async def subscribers_in_a_set():
    subs = set()
    got = []
    ready = asyncio.Semaphore(0)

    async def sub():
        q = asyncio.Queue()
        subs.add(q)
        ready.release()
        while (m := (await q.get())) is not None:
            got.append(m)

    async with asyncio.TaskGroup() as g:
        for _ in range(4):
            g.create_task(sub())
        for _ in range(4):
            await ready.acquire()
        for m in (1, None):
            for q in subs:
                await q.put(m)
            await asyncio.sleep(0)
    assert got.count(1) == 4


async def chat_writers_in_a_set():
    writers = set()
    joined = asyncio.Semaphore(0)

    async def h(r, w):
        writers.add(w)
        joined.release()
        try:
            while line := (await r.readline()):
                for o in list(writers):
                    o.write(line)
                for o in list(writers):
                    await o.drain()
        finally:
            writers.discard(w)
            w.close()

    s = await asyncio.start_server(h, "127.0.0.1", 0)
    port = s.sockets[0].getsockname()[1]

    async def client(n):
        r, w = await asyncio.open_connection("127.0.0.1", port)
        await joined.acquire()
        allin.append(n)
        if len(allin) == 3:
            go.set()
        await go.wait()
        w.write(b"%d\n" % n)
        lines = sorted([await r.readline() for _ in range(3)])
        seen.append(lines)
        if len(seen) == 3:
            fin.set()
        await fin.wait()
        w.close()
        await w.wait_closed()

    allin = []
    go = asyncio.Event()
    seen = []
    fin = asyncio.Event()
    async with s:
        await asyncio.gather(*map(client, range(3)))
    assert seen == [[b"0\n", b"1\n", b"2\n"]] * 3


async def threads_in_a_row():

    async def f(n):
        for _ in range(2):
            n = await asyncio.to_thread(lambda x: x + 1, n)
        return n

    assert await asyncio.gather(*map(f, range(3))) == [2, 3, 4]


async def thread_that_sleeps_under_a_timeout():
    try:
        async with asyncio.timeout(0.01):
            await asyncio.to_thread(time.sleep, 0.3)
        raise AssertionError
    except TimeoutError:
        pass


async def thread_in_time():
    async with asyncio.timeout(5):
        await asyncio.gather(asyncio.to_thread(time.sleep, 0.02), asyncio.to_thread(time.sleep, 0.01))


async def poll_a_thread():
    f = asyncio.get_running_loop().run_in_executor(None, time.sleep, 0.02)
    while not f.done():
        await asyncio.sleep(0.005)


async def worker_pool_shutdown():
    q = asyncio.Queue(2)
    out = []

    async def w():
        while (x := (await q.get())) is not None:
            await asyncio.sleep(0.01)
            out.append(x)

    async with asyncio.TaskGroup() as g:
        for _ in range(2):
            g.create_task(w())
        for i in range(5):
            await q.put(i)
        for _ in range(2):
            await q.put(None)
    assert sorted(out) == list(range(5))


async def async_cm_pool():

    class P:
        def __init__(self):
            self.sem = asyncio.Semaphore(2)
            self.free = [1, 2]

        async def __aenter__(self):
            await self.sem.acquire()
            self.c = None
            return self.free.pop()

        async def __aexit__(self, *e):
            self.free.append(0)
            self.sem.release()

    p = P()

    async def u():
        async with p:
            await asyncio.sleep(0)

    await asyncio.gather(u(), u(), u())


async def cancel_propagates():
    cleaned = []

    async def child(n):
        try:
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            cleaned.append(n)

    async def parent():
        async with asyncio.TaskGroup() as g:
            for n in range(3):
                g.create_task(child(n))
            started.set()

    started = asyncio.Event()
    p = asyncio.create_task(parent())
    await started.wait()
    await asyncio.sleep(0.1)
    p.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await p
    assert sorted(cleaned) == [0, 1, 2]


async def retry_backoff():
    tries = 0

    async def flaky():
        nonlocal tries
        tries += 1
        await asyncio.sleep(0)
        if tries < 3:
            raise OSError
        return "ok"

    async def call():
        for i in range(5):
            try:
                return await flaky()
            except OSError:
                await asyncio.sleep(2**i)
        return None

    assert await asyncio.wait_for(call(), 100) == "ok"


async def rate_limit_clock():
    loop = asyncio.get_running_loop()
    next_at = 0.0
    starts = []

    async def go():
        nonlocal next_at
        at = max(next_at, loop.time())
        next_at = at + 1
        await asyncio.sleep(at - loop.time())
        starts.append(loop.time())

    await asyncio.gather(*(go() for _ in range(4)))
    assert len(starts) == 4


async def monotonic_ttl():
    cache = {}

    async def get(k):
        v = cache.get(k)
        if v and time.monotonic() - v[1] < 60:
            return v[0]
        await asyncio.sleep(0)
        cache[k] = (k, time.monotonic())
        return k

    assert await asyncio.gather(get(1), get(1), get(2)) == [1, 1, 2]


async def exec_shell():
    p = await asyncio.create_subprocess_shell("echo hi; cat", stdin=-1, stdout=-1)
    out, _ = await p.communicate(b"x\n")
    assert out == b"hi\nx\n"
    assert p.returncode == 0


async def equal_sleeps_in_order():
    out = []
    loop = asyncio.get_running_loop()
    for i in range(6):
        loop.call_later(1, out.append, i)
    await asyncio.sleep(2)
    assert out == list(range(6))


async def contexts_in_groups():
    v = contextvars.ContextVar("v", default=0)

    async def c(n):
        v.set(n)
        async with asyncio.TaskGroup() as g:
            t = g.create_task(leaf())
        return t.result()

    async def leaf():
        await asyncio.sleep(0)
        return v.get()

    assert await asyncio.gather(c(1), c(2)) == [1, 2]

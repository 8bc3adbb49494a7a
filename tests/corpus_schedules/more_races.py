"""More programs that are wrong in some order of their tasks, in the styles of services and their clients."""

from __future__ import annotations

import asyncio
import collections
import contextlib
import contextvars
import functools
import heapq
import random
from collections import OrderedDict, defaultdict


class Bank:
    def __init__(self, **accounts):
        self.accounts = dict(accounts)

    async def read(self, name):
        await asyncio.sleep(0)
        return self.accounts[name]

    async def write(self, name, value):
        await asyncio.sleep(0)
        self.accounts[name] = value

    async def transfer(self, source, target, amount):
        a = await self.read(source)
        b = await self.read(target)
        if a < amount:
            raise ValueError("insufficient funds")
        await self.write(source, a - amount)
        await self.write(target, b + amount)


async def transfers_cross():
    bank = Bank(alice=100, bob=100)
    await asyncio.gather(bank.transfer("alice", "bob", 30), bank.transfer("bob", "alice", 50))
    assert sum(bank.accounts.values()) == 200, bank.accounts


class Pool:
    def __init__(self, size):
        self.size = size
        self.idle = []
        self.open = 0

    async def _connect(self):
        await asyncio.sleep(0.01)
        return object()

    async def acquire(self):
        if self.idle:
            return self.idle.pop()
        if self.open < self.size:
            conn = await self._connect()
            self.open += 1
            return conn
        while not self.idle:
            await asyncio.sleep(0.01)
        return self.idle.pop()

    def release(self, c):
        self.idle.append(c)


async def pool_opens_too_many():
    pool = Pool(2)

    async def client():
        c = await pool.acquire()
        try:
            await asyncio.sleep(0.01)
        finally:
            pool.release(c)

    await asyncio.gather(*(client() for _ in range(4)))
    assert pool.open <= 2, pool.open


async def pool_leaks_on_cancel():
    sem = asyncio.Semaphore(1)
    free = ["c"]

    async def use():
        await sem.acquire()
        await asyncio.sleep(0)
        c = free.pop()
        try:
            await asyncio.sleep(0)
        finally:
            free.append(c)
            sem.release()

    t = asyncio.create_task(use())
    await asyncio.sleep(0)
    t.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await t
    assert not sem.locked()


class BadRW:
    def __init__(self):
        self.readers = 0
        self.lock = asyncio.Lock()

    @contextlib.asynccontextmanager
    async def read(self):
        if self.readers == 0:
            await self.lock.acquire()
        self.readers += 1
        try:
            yield
        finally:
            self.readers -= 1
            if self.readers == 0:
                self.lock.release()

    @contextlib.asynccontextmanager
    async def write(self):
        async with self.lock:
            yield


class NoWriterExclusion:
    def __init__(self):
        self.readers = 0
        self.writing = False

    async def start_read(self):
        while self.writing:
            await asyncio.sleep(0.001)
        await asyncio.sleep(0)
        self.readers += 1

    def end_read(self):
        self.readers -= 1

    async def start_write(self):
        while self.writing or self.readers:
            await asyncio.sleep(0.001)
        self.writing = True

    def end_write(self):
        self.writing = False


async def rw_flags():
    rw = NoWriterExclusion()
    row = {"x": 1, "y": 1}

    async def r():
        await rw.start_read()
        x = row["x"]
        await asyncio.sleep(0)
        y = row["y"]
        rw.end_read()
        assert x == y

    async def w():
        await rw.start_write()
        row["x"] = 2
        await asyncio.sleep(0)
        row["y"] = 2
        rw.end_write()

    async with asyncio.TaskGroup() as g:
        for f in (r, w, r):
            g.create_task(f())


async def rate_limiter_lets_too_many():

    class Limiter:
        def __init__(self, n):
            self.tokens = n

        async def take(self):
            while self.tokens <= 0:
                await asyncio.sleep(1)
                self.tokens = 2
            await asyncio.sleep(0)
            self.tokens -= 1

    lim = Limiter(2)
    log = []
    loop = asyncio.get_running_loop()

    async def call():
        await lim.take()
        log.append(loop.time())

    await asyncio.gather(*(call() for _ in range(4)))
    assert max(collections.Counter(int(t) for t in log).values()) <= 2


async def idempotency_key():
    seen = {}
    charged = []

    async def charge(key, amount):
        if key in seen:
            return seen[key]
        await asyncio.sleep(0)
        charged.append(amount)
        seen[key] = f"receipt-{len(charged)}"
        return seen[key]

    r = await asyncio.gather(charge("k", 5), charge("k", 5))
    assert len(charged) == 1
    assert r[0] == r[1]


class OneShotBarrier:
    def __init__(self, n):
        self.n = n
        self.count = 0
        self.event = asyncio.Event()

    async def wait(self):
        self.count += 1
        if self.count == self.n:
            self.event.set()
            self.count = 0
        await self.event.wait()


async def barrier_is_not_reset():
    b = OneShotBarrier(2)
    phase = {"a": 0, "b": 0}

    async def w(name, other):
        for i in range(2):
            phase[name] += 1
            await b.wait()
            assert phase[other] >= i + 1
            await asyncio.sleep(0)

    await asyncio.gather(w("a", "b"), w("b", "a"))


async def semaphore_released_in_finally_without_acquire():
    sem = asyncio.Semaphore(1)
    inside = 0

    async def job():
        nonlocal inside
        try:
            await asyncio.wait_for(sem.acquire(), 0.01)
            inside += 1
            assert inside == 1
            await asyncio.sleep(0.02)
            inside -= 1
        except TimeoutError:
            pass
        finally:
            sem.release()

    await asyncio.gather(job(), job(), job())

    async def second():
        nonlocal inside
        async with sem:
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            inside -= 1

    await asyncio.gather(second(), second())


async def registry_setdefault_async():
    rooms = {}

    async def load(name):
        await asyncio.sleep(0)
        return []

    async def join(name, who):
        if name not in rooms:
            rooms[name] = await load(name)
        rooms[name].append(who)

    await asyncio.gather(join("x", 1), join("x", 2))
    assert sorted(rooms["x"]) == [1, 2]


async def progress_counter():
    q = asyncio.Queue()
    done = 0
    for i in range(6):
        q.put_nowait(i)

    async def worker():
        nonlocal done
        while True:
            try:
                q.get_nowait()
            except asyncio.QueueEmpty:
                return
            d = done
            await asyncio.sleep(0.001)
            done = d + 1

    await asyncio.gather(worker(), worker())
    assert done == 6


async def queue_order_assumed():
    q = asyncio.Queue()
    out = []

    async def worker():
        while not q.empty():
            i = await q.get()
            await asyncio.sleep(0)
            out.append(i)

    for i in range(4):
        q.put_nowait(i)
    await asyncio.gather(worker(), worker())
    assert out == sorted(out)


async def group_cancel_half_transfer():
    acc = {"a": 10, "b": 0}

    async def move():
        acc["a"] -= 10
        await asyncio.sleep(0)
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
    assert sum(acc.values()) == 10, acc


async def timeout_then_late_result():
    result = None

    async def compute():
        nonlocal result
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(0.1)
        await asyncio.sleep(0)
        result = "late"

    t = asyncio.create_task(compute())
    try:
        async with asyncio.timeout(0.05):
            await asyncio.shield(t)
    except TimeoutError:
        result = "timeout"
    await asyncio.sleep(0.1)
    assert result == "timeout"


async def shield_and_forget():
    saved = []

    async def save():
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        saved.append(1)

    async def handler():
        await asyncio.shield(save())

    h = asyncio.create_task(handler())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    h.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await h
    assert saved


async def as_completed_first_wins():

    async def mirror(name, n):
        for _ in range(n):
            await asyncio.sleep(0)
        return name

    it = asyncio.as_completed([mirror("near", 1), mirror("far", 3)])
    assert await next(iter(it)) == "near"


async def one_generator_for_two():

    async def ids():
        n = 0
        while True:
            n += 1
            await asyncio.sleep(0)
            yield n

    g = ids()

    async def take():
        return [await anext(g) for _ in range(2)]

    a, b = await asyncio.gather(take(), take())
    assert len(set(a + b)) == 4


async def pages_iterator():

    class Pages:
        def __init__(self):
            self.i = 0

        def __aiter__(self):
            return self

        async def __anext__(self):
            if self.i >= 4:
                raise StopAsyncIteration
            page = self.i
            await asyncio.sleep(0)
            self.i += 1
            return page

    pages = Pages()
    seen = []

    async def w():
        async for p in pages:
            seen.append(p)

    await asyncio.gather(w(), w())
    assert sorted(seen) == [0, 1, 2, 3]


async def to_thread_lost_update():
    value = 0

    def slow(x):
        return x + 1

    async def inc():
        nonlocal value
        v = value
        value = await asyncio.to_thread(slow, v)

    await asyncio.gather(inc(), inc())
    assert value == 2


async def crawler_visits_twice():
    links = {"/": ["/a", "/b"], "/a": ["/c"], "/b": ["/c"], "/c": []}
    visited = []
    seen = set()

    async def fetch(u):
        await asyncio.sleep(0)
        return links[u]

    async def visit(u):
        if u in seen:
            return
        out = await fetch(u)
        seen.add(u)
        visited.append(u)
        async with asyncio.TaskGroup() as g:
            for v in out:
                g.create_task(visit(v))

    await visit("/")
    assert len(visited) == len(set(visited))


async def contextvar_shared_mutable():
    ctx = contextvars.ContextVar("ctx", default={})
    out = []

    async def req(u):
        ctx.get()["user"] = u
        await asyncio.sleep(0)
        out.append((u, ctx.get()["user"]))

    await asyncio.gather(req("a"), req("b"))
    ctx.get().clear()
    assert all((a == b for a, b in out))


class Lazy:
    _inst = None

    def __init__(self):
        self.ready = False

    @classmethod
    async def get(cls, box):
        if box.get("i") is None:
            async with box["lock"]:
                if box.get("i") is None:
                    box["i"] = cls()
                    await asyncio.sleep(0)
                    box["i"].ready = True
        return box["i"]


async def double_checked_publishes_early():
    box = {"lock": asyncio.Lock()}

    async def use():
        o = await Lazy.get(box)
        assert o.ready

    await asyncio.gather(use(), use())


async def gather_with_exception_leaves_sibling():
    db = {"open": True}

    async def write():
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert db["open"], "write after close"
        return 1

    async def fail():
        await asyncio.sleep(0)
        raise ValueError

    t = asyncio.create_task(write())
    with contextlib.suppress(ValueError):
        await asyncio.gather(t, fail())
    db["open"] = False
    await t


async def stale_cache_write():
    db = {"v": 1}
    cache = {}

    async def read():
        v = db["v"]
        await asyncio.sleep(0)
        cache["v"] = v

    async def update():
        await asyncio.sleep(0)
        db["v"] = 2
        cache.pop("v", None)

    await asyncio.gather(read(), update())
    assert cache.get("v", db["v"]) == db["v"]


async def future_cancelled_vs_set():
    fut = asyncio.get_running_loop().create_future()

    async def provider():
        await asyncio.sleep(0)
        fut.set_result(1)

    async def canceller():
        await asyncio.sleep(0)
        fut.cancel()

    r = await asyncio.gather(provider(), canceller(), return_exceptions=True)
    assert not any(isinstance(x, asyncio.InvalidStateError) for x in r), r


async def streams_interleave():
    out = []

    async def handle(r, w):
        name = (await r.readline()).decode().strip()
        clients.append(name)
        n = len(clients)
        w.write(b"welcome\n")
        await w.drain()
        out.append((name, n))
        await r.read()
        w.close()

    clients = []
    s = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = s.sockets[0].getsockname()[1]

    async def client(n):
        r, w = await asyncio.open_connection("127.0.0.1", port)
        w.write(n.encode() + b"\n")
        await r.readline()
        w.close()
        await w.wait_closed()

    async with s:
        await asyncio.gather(client("a"), client("b"))
    assert clients == ["a", "b"]


async def chat_seq():
    """server-wide sequence number, read before drain and written after"""
    seq = 0
    got = []

    async def handle(r, w):
        nonlocal seq
        while await r.readline():
            n = seq
            await w.drain()
            await asyncio.sleep(0)
            seq = n + 1
            w.write(b"%d\n" % seq)
        w.close()

    s = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = s.sockets[0].getsockname()[1]

    async def client():
        r, w = await asyncio.open_connection("127.0.0.1", port)
        w.write(b"x\n")
        got.append(int(await r.readline()))
        w.close()
        await w.wait_closed()

    async with s:
        await asyncio.gather(client(), client())
    assert len(set(got)) == 2, got


async def queue_maxsize_qsize_check():
    q = asyncio.Queue(1)

    async def put(i):
        if not q.full():
            await asyncio.sleep(0)
            q.put_nowait(i)

    await asyncio.gather(put(1), put(2))


async def task_cancel_during_acquire():
    lock = asyncio.Lock()

    async def w():
        await lock.acquire()
        try:
            await asyncio.sleep(0)
        finally:
            lock.release()

    async def bad():
        try:
            await lock.acquire()
        finally:
            lock.release()

    t1 = asyncio.create_task(w())
    t2 = asyncio.create_task(bad())
    await asyncio.sleep(0)
    t2.cancel()
    await asyncio.gather(t1, t2, return_exceptions=True)
    assert not t1.exception()


async def two_phase_notify_order():
    ready = asyncio.Event()
    value = None

    async def init():
        nonlocal value
        await asyncio.sleep(0)
        value = 42
        ready.set()

    async def user():
        if not ready.is_set():
            await asyncio.sleep(0)
        assert value == 42

    await asyncio.gather(init(), user())


async def deep_three_party():
    """needs a specific order of three tasks"""
    log = []

    async def a():
        log.append("a1")
        await asyncio.sleep(0)
        log.append("a2")
        await asyncio.sleep(0)
        log.append("a3")

    async def b():
        log.append("b1")
        await asyncio.sleep(0)
        log.append("b2")
        await asyncio.sleep(0)
        log.append("b3")

    async def c():
        log.append("c1")
        await asyncio.sleep(0)
        log.append("c2")

    await asyncio.gather(a(), b(), c())
    assert log != ["c1", "b1", "a1", "b2", "a2", "c2", "b3", "a3"]


async def rare_in_many_tasks():
    """10 tasks; only if task 7 is interrupted by task 3"""
    state = {}

    async def t(n):
        await asyncio.sleep(0)
        if n == 7:
            state["x"] = 1
            await asyncio.sleep(0)
            assert state["x"] == 1
        elif n == 3:
            state["x"] = 2

    await asyncio.gather(*(t(n) for n in range(10)))


async def long_tasks_rare():
    flag = False

    async def a():
        nonlocal flag
        for i in range(30):
            await asyncio.sleep(0)
            if i == 17:
                flag = True
                await asyncio.sleep(0)
                flag = False

    async def b():
        for i in range(30):
            await asyncio.sleep(0)
            if i == 5:
                assert not flag

    async def noise():
        for _i in range(30):
            await asyncio.sleep(0)

    await asyncio.gather(a(), b(), noise(), noise())


class Inventory:
    def __init__(self):
        self.stock = defaultdict(int)
        self.log = []

    async def check(self, sku):
        await asyncio.sleep(0)
        return self.stock[sku]

    async def reserve(self, sku, n):
        if await self.check(sku) >= n:
            await self._audit(sku, n)
            self.stock[sku] -= n
            return True
        return False

    async def _audit(self, sku, n):
        await asyncio.sleep(0)
        self.log.append((sku, n))


async def inventory_oversold():
    inv = Inventory()
    inv.stock["a"] = 1
    results = await asyncio.gather(*(inv.reserve("a", 1) for _ in range(3)))
    assert sum(results) == 1


class LRU:
    def __init__(self, size):
        self.size = size
        self.d = OrderedDict()

    async def get(self, key, loader):
        if key in self.d:
            self.d.move_to_end(key)
            return self.d[key]
        v = await loader(key)
        if len(self.d) >= self.size:
            self.d.popitem(last=False)
        self.d[key] = v
        return v


async def lru_grows_beyond():
    calls = collections.Counter()

    async def loader(k):
        calls[k] += 1
        await asyncio.sleep(0.01)
        return k

    c = LRU(2)
    await asyncio.gather(*(c.get(k, loader) for k in "aba"))
    assert max(calls.values()) == 1


def acached(f):
    memo = {}

    @functools.wraps(f)
    async def w(*a):
        if a not in memo:
            memo[a] = await f(*a)
        return memo[a]

    return w


class CircuitBreaker:
    def __init__(self):
        self.state = "half-open"
        self.probes = 0

    async def call(self):
        if self.state == "half-open":
            self.probes += 1
            await asyncio.sleep(0)
            self.state = "closed"
            self.probes -= 1


async def breaker_two_probes():
    b = CircuitBreaker()
    seen = []

    async def c():
        t = asyncio.ensure_future(b.call())
        await asyncio.sleep(0)
        seen.append(b.probes)
        await t

    await asyncio.gather(c(), c())
    assert max(seen) <= 1


class Countdown:
    def __init__(self, n):
        self.n = n
        self.ev = asyncio.Event()

    async def down(self):
        left = self.n - 1
        await asyncio.sleep(0)
        self.n = left
        if left == 0:
            self.ev.set()


async def countdown_latch_hangs():
    latch = Countdown(2)
    async with asyncio.TaskGroup() as g:
        g.create_task(latch.down())
        g.create_task(latch.down())
        await asyncio.wait_for(latch.ev.wait(), 5)


async def refresh_token_thundering():
    token = {"v": 0, "exp": True}
    refreshes = 0

    async def refresh():
        nonlocal refreshes
        refreshes += 1
        await asyncio.sleep(0.1)
        token.update(v=token["v"] + 1, exp=False)

    async def request():
        if token["exp"]:
            await refresh()
        return token["v"]

    r = await asyncio.gather(*(request() for _ in range(3)))
    assert refreshes == 1, r


async def heap_scheduler():
    heap = [(i, i) for i in range(3)]
    ran = []

    async def worker():
        while heap:
            _pr, job = heap[0]
            await asyncio.sleep(0)
            ran.append(job)
            heapq.heappop(heap)

    await asyncio.gather(worker(), worker(), return_exceptions=True)
    assert len(ran) == len(set(ran))


async def batcher_loses():
    buf = []
    flushed = []

    async def add(x):
        nonlocal buf
        buf.append(x)
        if len(buf) >= 2:
            await flush()

    async def flush():
        nonlocal buf
        await asyncio.sleep(0)
        flushed.extend(buf)
        await asyncio.sleep(0)
        buf = []

    await asyncio.gather(*(add(i) for i in range(4)))
    await flush()
    assert sorted(flushed) == [0, 1, 2, 3], flushed


async def shutdown_drops_job():
    q = asyncio.Queue()
    done = []
    closing = False

    async def worker():
        while not (closing and q.empty()):
            try:
                j = await asyncio.wait_for(q.get(), 0.01)
            except TimeoutError:
                continue
            await asyncio.sleep(0.005)
            done.append(j)

    async def client():
        if not closing:
            await asyncio.sleep(0.01)
            q.put_nowait("x")
            accepted.append("x")

    accepted = []
    w = asyncio.create_task(worker())
    c = asyncio.create_task(client())
    await asyncio.sleep(0)
    closing = True
    await w
    await c
    assert done == accepted


async def read_modify_write_through_queue():
    q = asyncio.Queue()
    q.put_nowait(0)

    async def inc():
        v = await q.get()
        await asyncio.sleep(0)
        q.put_nowait(v + 1)

    async def peek():
        assert q.qsize() == 1

    await asyncio.gather(inc(), peek(), inc())


async def gather_exception_then_reuse():
    conn = {"busy": False}

    async def query(fail):
        assert not conn["busy"], "another query is in progress"
        conn["busy"] = True
        await asyncio.sleep(0)
        conn["busy"] = False
        if fail:
            raise OSError

    try:
        async with asyncio.timeout(5):
            await query(True)
    except OSError:
        pass
    await asyncio.gather(query(False), query(False))


async def cancel_scope_state():
    st = {"locked": False}

    async def crit():
        st["locked"] = True
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        st["locked"] = False

    t = asyncio.create_task(crit())
    await asyncio.sleep(0)
    t.cancel()
    await asyncio.gather(t, return_exceptions=True)
    assert not st["locked"]


async def ws_broadcast_set_changes():
    clients = {object() for _ in range(3)}

    async def broadcast():
        for _c in clients:
            await asyncio.sleep(0)

    async def leave():
        clients.pop()

    await asyncio.gather(broadcast(), leave())


async def eager_group_order():
    loop = asyncio.get_running_loop()
    if hasattr(asyncio, "eager_task_factory"):
        loop.set_task_factory(asyncio.eager_task_factory)
    log = []

    async def f(n):
        log.append(("s", n))
        await asyncio.sleep(0)
        log.append(("e", n))

    async with asyncio.TaskGroup() as g:
        for n in range(2):
            g.create_task(f(n))
    assert log == [("s", 0), ("s", 1), ("e", 0), ("e", 1)]


async def line_protocol_shared_reader():

    async def h(r, w):
        while line := (await r.readline()):
            w.write(line)
            await w.drain()
        w.close()

    s = await asyncio.start_server(h, "127.0.0.1", 0)
    async with s:
        r, w = await asyncio.open_connection(*s.sockets[0].getsockname()[:2])

        async def ask(x):
            w.write(x + b"\n")
            return (await r.readline()).strip()

        res = await asyncio.gather(ask(b"1"), ask(b"2"), return_exceptions=True)
        w.close()
    assert res == [b"1", b"2"], res


async def random_jitter_lost_update():
    n = 0

    async def inc():
        nonlocal n
        v = n
        await asyncio.sleep(random.random() / 100)
        n = v + 1

    await asyncio.gather(*(inc() for _ in range(5)))
    assert n == 5


async def random_order_of_work():
    done = []

    async def job(i):
        for _ in range(random.randint(0, 2)):
            await asyncio.sleep(0)
        done.append(i)

    await asyncio.gather(*(job(i) for i in range(3)))
    assert done == [0, 1, 2]

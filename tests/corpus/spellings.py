# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""The same three blocking things, a sleep, a short call and a computation, reached in every way that Python has."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import inspect
import itertools
import operator
import os
import time
import weakref
from collections import defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cases import Case, marked, put

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

    Block = Callable[..., None]


def nap(*_: object) -> None:
    time.sleep(0.07)  # <-


def look(*_: object) -> None:
    os.stat(os.sep)  # <-


def burn(*_: object) -> None:
    end = time.thread_time() + 0.08
    while time.thread_time() < end:  # <-
        pass  # <-


async def directly(block: Block) -> None:
    block()


async def partial(block: Block) -> None:
    functools.partial(block, 1)()


async def eight_deep(block: Block) -> None:
    def deeper(level: int) -> None:
        if level:
            deeper(level - 1)
        else:
            block()

    deeper(8)


async def eight_awaits_deep(block: Block) -> None:
    async def deeper(level: int) -> None:
        if level:
            await deeper(level - 1)
        else:
            block()

    await deeper(8)


async def prop(block: Block) -> None:
    class Thing:
        value = property(block)

    Thing().value


async def cached(block: Block) -> None:
    class Thing:
        @functools.cached_property
        def value(self) -> None:
            return block()

    Thing().value


async def hooks(block: Block) -> None:
    class Thing:
        def __getattr__(self, name: str) -> None:
            block()

    Thing().anything


async def finalizer(block: Block) -> None:
    class Thing:
        def __del__(self) -> None:
            block()

    thing = Thing()
    del thing


async def weak_finalizer(block: Block) -> None:
    class Thing:
        pass

    thing = Thing()
    weakref.finalize(thing, block)
    del thing


async def generator(block: Block) -> None:
    def numbers() -> Iterator[int]:
        yield 1
        block()
        yield 2

    sum(numbers())


async def comprehension(block: Block) -> None:
    _ = [block() for _ in range(1)]


async def dict_comprehension(block: Block) -> None:
    _ = {key: block() for key in range(1)}


async def generator_expression(block: Block) -> None:
    list(block() for _ in range(1))


async def mapped(block: Block) -> None:
    list(map(block, [1]))


async def sort_key(block: Block) -> None:
    sorted([1], key=block)


async def default_factory(block: Block) -> None:
    defaultdict(block)["key"]


async def dataclass_factory(block: Block) -> None:
    @dataclass
    class Thing:
        value: Any = field(default_factory=block)

    Thing()


async def class_body(block: Block) -> None:
    class Thing:
        block()


async def methods(block: Block) -> None:
    class Thing:
        def __init__(self) -> None:
            self()

        def __call__(self) -> None:
            block()

        @staticmethod
        def static() -> None:
            Thing()

    Thing.static()


async def decorated(block: Block) -> None:
    def decorate(function: Callable[[], None]) -> Callable[[], None]:
        return functools.wraps(function)(lambda: function())

    functools.lru_cache(decorate(block))()


async def single_dispatch(block: Block) -> None:
    functools.singledispatch(block)(1)


async def context_manager(block: Block) -> None:
    @contextlib.contextmanager
    def manager() -> Iterator[None]:
        yield
        block()

    with manager():
        pass


async def exit_stack(block: Block) -> None:
    with contextlib.ExitStack() as stack:
        stack.callback(block)


async def async_context_manager(block: Block) -> None:
    @contextlib.asynccontextmanager
    async def manager() -> AsyncIterator[None]:
        yield
        block()

    async with manager():
        pass


async def async_generator(block: Block) -> None:
    async def numbers() -> AsyncIterator[int]:
        yield 1
        block()
        yield 2

    _ = [number async for number in numbers()]


async def async_iterator(block: Block) -> None:
    class Numbers:
        def __aiter__(self) -> Numbers:
            return self

        async def __anext__(self) -> None:
            block()
            raise StopAsyncIteration

    async for _ in Numbers():
        pass


async def awaitable(block: Block) -> None:
    class Thing:
        def __await__(self) -> Iterator[None]:
            block()
            yield

    await Thing()


async def operators(block: Block) -> None:
    class Thing:
        __add__ = __bool__ = lambda *_: bool(block() or True)

    operator.add(Thing(), 1)


async def formatting(block: Block) -> None:
    class Thing:
        def __format__(self, spec: str) -> str:
            block()
            return ""

    f"{Thing()}"


async def subclassing(block: Block) -> None:
    class Base:
        def __init_subclass__(cls) -> None:
            block()

    class Child(Base):
        pass


async def swallowed(block: Block) -> None:
    with contextlib.suppress(Exception):
        try:
            raise ValueError
        finally:
            block()


async def starmap(block: Block) -> None:
    list(itertools.starmap(block, [(1,)]))


async def executed(block: Block) -> None:
    exec("block()", {"block": block})


async def in_task(block: Block) -> None:
    async def run() -> None:
        block()

    await asyncio.create_task(run(), name="worker")


async def in_group(block: Block) -> None:
    async def run() -> None:
        await asyncio.sleep(0)
        block()

    async with asyncio.TaskGroup() as group:
        group.create_task(run())
        group.create_task(asyncio.sleep(0.001))


async def in_gather(block: Block) -> None:
    async def run() -> None:
        block()

    await asyncio.gather(run(), asyncio.sleep(0))


async def in_wait_for(block: Block) -> None:
    async def run() -> None:
        await asyncio.sleep(0.001)
        block()

    await asyncio.wait_for(asyncio.shield(run()), 10)


async def while_cancelled(block: Block) -> None:
    async def run() -> None:
        try:
            await asyncio.sleep(10)
        finally:
            block()

    task = asyncio.create_task(run())
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait([task])


async def call_soon(block: Block) -> None:
    asyncio.get_running_loop().call_soon(block)
    await asyncio.sleep(0.01)


async def call_soon_partial(block: Block) -> None:
    asyncio.get_running_loop().call_soon(functools.partial(block))
    await asyncio.sleep(0.01)


async def call_later(block: Block) -> None:
    asyncio.get_running_loop().call_later(0.002, block)
    await asyncio.sleep(0.02)


async def call_soon_threadsafe(block: Block) -> None:
    await asyncio.to_thread(asyncio.get_running_loop().call_soon_threadsafe, block)
    await asyncio.sleep(0.02)


async def done_callback(block: Block) -> None:
    task = asyncio.create_task(asyncio.sleep(0))
    task.add_done_callback(block)
    await task
    await asyncio.sleep(0.01)


async def future_callback(block: Block) -> None:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.add_done_callback(block)
    future.set_result(None)
    await asyncio.sleep(0.01)


async def coroutine_threadsafe(block: Block) -> None:
    async def run() -> None:
        block()

    loop = asyncio.get_running_loop()
    await asyncio.wrap_future(await asyncio.to_thread(asyncio.run_coroutine_threadsafe, run(), loop))


async def reader_callback(block: Block) -> None:
    reading, writing = os.pipe()
    loop, done = asyncio.get_running_loop(), asyncio.Event()

    def ready() -> None:
        loop.remove_reader(reading)
        block()
        done.set()

    loop.add_reader(reading, ready)
    await asyncio.to_thread(os.write, writing, b"x")
    await done.wait()
    os.close(reading)
    os.close(writing)


async def after_many_turns(block: Block) -> None:
    for _ in range(2_000):
        await asyncio.sleep(0)
    block()


async def protocol(block: Block) -> None:
    class Closing(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            block()
            transport.close()

    server = await asyncio.get_running_loop().create_server(Closing, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await reader.read()
    writer.close()
    server.close()


async def stream_handler(block: Block) -> None:
    async def handle(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        block()
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    await reader.read()
    writer.close()
    server.close()


async def eager_task(block: Block) -> None:
    async def run() -> None:
        block()

    loop = asyncio.get_running_loop()
    if isinstance(loop, asyncio.BaseEventLoop):  # uvloop passes its own arguments to a task factory
        loop.set_task_factory(getattr(asyncio, "eager_task_factory", None))
    await asyncio.create_task(run())
    loop.set_task_factory(None)


async def async_fixture(block: Block) -> None:
    async def fixture() -> AsyncIterator[int]:
        yield 1
        block()

    values = fixture()
    await anext(values)
    await anext(values, None)


async def second_loop(block: Block) -> None:
    async def run() -> None:
        block()

    await asyncio.to_thread(asyncio.run, run())


def _bound(how: Callable[[Block], Awaitable[object]], block: Block) -> Callable[[], Awaitable[object]]:
    return lambda: how(block)


_BLOCKS: tuple[Any, ...] = (
    (nap, "stall", "time.sleep", 0.07),
    (look, "call", "os.stat", 0.0),
    (burn, "cpu", "", 0.0),
)
for _how in [value for value in vars().values() if inspect.isfunction(value) and inspect.iscoroutinefunction(value)]:
    for _block, _kind, _call, _seconds in _BLOCKS:
        _name = f"{_how.__name__}_{_block.__name__}"
        put(Case(_name, "spellings", _kind, _bound(_how, _block), _call, _seconds, marked(_block)))

# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""Where the language itself, or the library, calls code that blocks: nobody wrote that call down."""

from __future__ import annotations

import abc
import ast
import asyncio
import atexit
import bisect
import builtins
import codecs
import contextlib
import contextvars
import copy
import csv
import enum
import functools
import gc
import heapq
import inspect
import io
import itertools
import json
import logging
import operator
import os
import pickle
import pprint
import random
import re
import reprlib
import signal
import string
import sys
import threading
import time
import types
import typing
import unittest.mock
import warnings
import weakref
from collections import Counter, OrderedDict, UserDict, UserList, defaultdict, namedtuple
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from cases import case
from helpers import FOLDER, LONG, TEXT


# -- dunder methods


@case("language", "stall", "time.sleep", LONG)
async def repr_in_fstring() -> None:
    class Thing:
        def __repr__(self) -> str:
            time.sleep(LONG)  # <-
            return "thing"

    f"{Thing()!r}"


@case("language", "stall", "time.sleep", LONG)
async def repr_in_a_list() -> None:
    class Thing:
        def __repr__(self) -> str:
            time.sleep(LONG)  # <-
            return "thing"

    str([Thing()])


@case("language", "stall", "time.sleep", LONG)
async def repr_in_pprint() -> None:
    class Thing:
        def __repr__(self) -> str:
            time.sleep(LONG)  # <-
            return "thing"

    pprint.pformat(Thing())


@case("language", "cpu")
async def hash_of_a_key() -> None:
    class Key:
        def __hash__(self) -> int:
            return sum(range(6_000_000))  # <-

    {Key(): 1}


@case("language", "stall", "time.sleep", LONG)
async def equality_in_a_list() -> None:
    class Thing:
        def __eq__(self, other: object) -> bool:
            time.sleep(LONG)  # <-
            return False

    1 in [Thing()]


@case("language", "stall", "time.sleep", LONG)
async def ordering_in_heapq() -> None:
    class Thing:
        def __lt__(self, other: object) -> bool:
            time.sleep(LONG)  # <-
            return False

    heapq.heapify([Thing(), Thing()])


@case("language", "stall", "time.sleep", LONG)
async def length_in_bool() -> None:
    class Thing:
        def __len__(self) -> int:
            time.sleep(LONG)  # <-
            return 1

    if Thing():
        pass


@case("language", "stall", "time.sleep", LONG)
async def subscript() -> None:
    class Rows:
        def __getitem__(self, row: int) -> int:
            time.sleep(LONG)  # <-
            return 1

    Rows()[3]


@case("language", "stall", "time.sleep", LONG)
async def missing_key() -> None:
    class Cache(dict):
        def __missing__(self, key: str) -> int:
            time.sleep(LONG)  # <-
            return 1

    Cache()["key"]


@case("language", "stall", "time.sleep", LONG)
async def setting_an_attribute() -> None:
    class Thing:
        def __setattr__(self, name: str, value: object) -> None:
            time.sleep(LONG)  # <-

    Thing().size = 3


@case("language", "stall", "time.sleep", LONG)
async def descriptor() -> None:
    class Slow:
        def __get__(self, instance: object, owner: type) -> int:
            time.sleep(LONG)  # <-
            return 1

        def __set_name__(self, owner: type, name: str) -> None:
            self.name = name

    class Thing:
        size = Slow()

    Thing().size


@case("language", "stall", "time.sleep", LONG)
async def descriptor_set_name() -> None:
    class Slow:
        def __set_name__(self, owner: type, name: str) -> None:
            time.sleep(LONG)  # <-

    class Thing:
        size = Slow()


@case("language", "stall", "time.sleep", LONG)
async def unpacking() -> None:
    class Pair:
        def __iter__(self):
            yield 1
            time.sleep(LONG)  # <-
            yield 2

    left, right = Pair()


@case("language", "stall", "time.sleep", LONG)
async def star_arguments() -> None:
    def arguments():
        time.sleep(LONG)  # <-
        yield 1

    print(*arguments(), file=io.StringIO())


@case("language", "stall", "time.sleep", LONG)
async def mapping_unpacked() -> None:
    class Options(UserDict):
        def keys(self):
            time.sleep(LONG)  # <-
            return super().keys()

    dict(**Options(a=1))


@case("language", "stall", "time.sleep", LONG)
async def matching() -> None:
    class Point:
        @property
        def x(self) -> int:
            time.sleep(LONG)  # <-
            return 1

    match Point():
        case Point(x=1):
            pass


@case("language", "stall", "time.sleep", LONG)
async def walrus_in_while() -> None:
    def fetch() -> int:
        time.sleep(LONG)  # <-
        return 0

    while value := fetch():
        pass


@case("language", "stall", "time.sleep", LONG)
async def default_argument() -> None:
    def function(value=time.sleep(LONG)) -> None:  # <-
        pass


@case("language", "stall", "time.sleep", LONG)
async def decorator_at_work() -> None:
    def slow(function):
        time.sleep(LONG)  # <-
        return function

    @slow
    def function() -> None:
        pass


@case("language", "stall", "time.sleep", LONG)
async def metaclass_new() -> None:
    class Meta(type):
        def __new__(cls, *arguments):
            time.sleep(LONG)  # <-
            return super().__new__(cls, *arguments)

    class Thing(metaclass=Meta):
        pass


@case("language", "stall", "time.sleep", LONG)
async def metaclass_call() -> None:
    class Meta(type):
        def __call__(cls, *arguments):
            time.sleep(LONG)  # <-
            return super().__call__(*arguments)

    class Thing(metaclass=Meta):
        pass

    Thing()


@case("language", "stall", "time.sleep", LONG)
async def metaclass_prepare() -> None:
    class Meta(type):
        @classmethod
        def __prepare__(cls, name, bases):
            time.sleep(LONG)  # <-
            return {}

    class Thing(metaclass=Meta):
        pass


@case("language", "stall", "time.sleep", LONG)
async def instance_check() -> None:
    class Meta(type):
        def __instancecheck__(cls, instance: object) -> bool:
            time.sleep(LONG)  # <-
            return True

    class Thing(metaclass=Meta):
        pass

    isinstance(1, Thing)


@case("language", "stall", "time.sleep", LONG)
async def subclass_hook() -> None:
    class Thing(abc.ABC):
        @classmethod
        def __subclasshook__(cls, other: type) -> bool:
            time.sleep(LONG)  # <-
            return True

    issubclass(int, Thing)


@case("language", "stall", "time.sleep", LONG)
async def enum_missing() -> None:
    class Colour(enum.Enum):
        RED = 1

        @classmethod
        def _missing_(cls, value: object):
            time.sleep(LONG)  # <-
            return cls.RED

    Colour(7)


@case("language", "stall", "time.sleep", LONG)
async def post_init() -> None:
    @dataclass
    class Thing:
        value: int

        def __post_init__(self) -> None:
            time.sleep(LONG)  # <-

    Thing(1)


@case("language", "stall", "time.sleep", LONG)
async def module_getattr() -> None:
    module = types.ModuleType("lazy")

    def __getattr__(name: str) -> int:
        time.sleep(LONG)  # <-
        return 1

    module.__getattr__ = __getattr__
    module.anything


@case("language", "stall", "time.sleep", LONG)
async def class_getitem() -> None:
    class Thing:
        def __class_getitem__(cls, item: object) -> object:
            time.sleep(LONG)  # <-
            return cls

    Thing[int]


@case("language", "cpu")
async def matrix_product() -> None:
    class Matrix:
        def __matmul__(self, other: object) -> int:
            return sum(range(6_000_000))  # <-

    Matrix() @ Matrix()


@case("language", "stall", "time.sleep", LONG)
async def in_place_add() -> None:
    class Total:
        def __iadd__(self, other: object):
            time.sleep(LONG)  # <-
            return self

    total = Total()
    total += 1


@case("language", "stall", "time.sleep", LONG)
async def index_conversion() -> None:
    class Number:
        def __index__(self) -> int:
            time.sleep(LONG)  # <-
            return 1

    [1, 2][Number()]


# -- the end of things


@case("language", "stall", "time.sleep", LONG)
async def generator_close() -> None:
    def numbers():
        try:
            yield 1
        finally:
            time.sleep(LONG)  # <-

    running = numbers()
    next(running)
    running.close()


@case("language", "stall", "time.sleep", LONG)
async def generator_forgotten() -> None:
    def numbers():
        try:
            yield 1
        finally:
            time.sleep(LONG)  # <-

    next(numbers())


@case("language", "stall", "time.sleep", LONG)
async def generator_throw() -> None:
    def numbers():
        try:
            yield 1
        except ValueError:
            time.sleep(LONG)  # <-
            yield 2

    running = numbers()
    next(running)
    running.throw(ValueError)


@case("language", "stall", "time.sleep", LONG)
async def generator_send() -> None:
    def echo():
        got = yield
        time.sleep(got)  # <-
        yield

    running = echo()
    next(running)
    running.send(LONG)


@case("language", "stall", "time.sleep", LONG)
async def async_generator_closed() -> None:
    async def numbers():
        try:
            yield 1
        finally:
            time.sleep(LONG)  # <-

    async with contextlib.aclosing(numbers()) as values:
        async for _ in values:
            break


@case("language", "stall", "time.sleep", LONG)
async def async_generator_forgotten() -> None:
    async def numbers():
        try:
            yield 1
        finally:
            time.sleep(LONG)  # <-

    async for _ in numbers():
        break
    await asyncio.sleep(0.01)
    gc.collect()
    await asyncio.sleep(0.01)


@case("language", "cpu")
async def finalizer_in_a_cycle() -> None:
    class Thing:
        def __del__(self) -> None:
            sum(range(6_000_000))  # <-

    thing = Thing()
    thing.myself = thing
    del thing
    gc.collect()


@case("language", "stall", "time.sleep", LONG)
async def weak_reference_callback() -> None:
    class Thing:
        pass

    def gone(_: object) -> None:
        time.sleep(LONG)  # <-

    thing = Thing()
    reference = weakref.ref(thing, gone)
    del thing


@case("language", "stall", "time.sleep", LONG)
async def garbage_callback() -> None:
    def collected(phase: str, info: object) -> None:
        if phase == "stop":
            time.sleep(LONG)  # <-

    gc.callbacks.append(collected)
    gc.collect()
    gc.callbacks.remove(collected)


@case("language", "stall", "time.sleep", LONG)
async def end_of_a_local() -> None:
    class Thing:
        def __del__(self) -> None:
            time.sleep(LONG)  # <-

    def function() -> None:
        thing = Thing()

    function()


@case("language", "stall", "time.sleep", LONG)
async def exit_of_a_class() -> None:
    class Thing:
        def __enter__(self):
            return self

        def __exit__(self, *_: object) -> None:
            time.sleep(LONG)  # <-

    with Thing():
        pass


@case("language", "stall", "time.sleep", LONG)
async def async_enter_of_a_class() -> None:
    class Thing:
        async def __aenter__(self):
            time.sleep(LONG)  # <-

        async def __aexit__(self, *_: object) -> None:
            pass

    async with Thing():
        pass


@case("language", "stall", "time.sleep", LONG)
async def async_exit_of_a_class() -> None:
    class Thing:
        async def __aenter__(self):
            pass

        async def __aexit__(self, *_: object) -> None:
            time.sleep(LONG)  # <-

    async with Thing():
        await asyncio.sleep(0)


@case("language", "cpu")
async def async_exit_stack() -> None:
    async def close() -> None:
        sum(range(6_000_000))  # <-

    async with contextlib.AsyncExitStack() as stack:
        stack.push_async_callback(close)


@case("language", "stall", "time.sleep", LONG)
async def except_star() -> None:
    try:
        raise ExceptionGroup("", [ValueError()])
    except* ValueError:
        time.sleep(LONG)  # <-


@case("language", "stall", "time.sleep", LONG)
async def exception_text() -> None:
    class Wrong(Exception):
        def __str__(self) -> str:
            time.sleep(LONG)  # <-
            return "wrong"

    try:
        raise Wrong
    except Wrong as wrong:
        str(wrong)


# -- the library calls back


@case("callback", "stall", "time.sleep", LONG)
async def json_default() -> None:
    def default(value: object) -> str:
        time.sleep(LONG)  # <-
        return ""

    json.dumps({"a": object()}, default=default)


@case("callback", "stall", "time.sleep", LONG)
async def json_encoder_class() -> None:
    class Encoder(json.JSONEncoder):
        def default(self, o: object) -> str:
            time.sleep(LONG)  # <-
            return ""

    json.dumps([object()], cls=Encoder)


@case("callback", "stall", "time.sleep", LONG)
async def json_object_hook() -> None:
    def hook(value: dict[str, int]) -> dict[str, int]:
        time.sleep(LONG)  # <-
        return value

    json.loads('{"a": 1}', object_hook=hook)


@case("callback", "stall", "time.sleep", LONG)
async def substitution() -> None:
    def upper(match: re.Match[str]) -> str:
        time.sleep(LONG)  # <-
        return match.group().upper()

    re.sub("b", upper, "abc")


@case("callback", "stall", "time.sleep", LONG)
async def csv_over_an_iterator() -> None:
    def lines():
        yield "a,b"
        time.sleep(LONG)  # <-
        yield "c,d"

    list(csv.reader(lines()))


@case("callback", "stall", "time.sleep", LONG)
async def csv_into_a_slow_file() -> None:
    class Slow:
        def write(self, text: str) -> None:
            time.sleep(LONG)  # <-

    csv.writer(Slow()).writerow([1, 2])


@case("callback", "stall", "time.sleep", LONG)
async def pickle_reduce() -> None:
    class Thing:
        def __reduce__(self):
            time.sleep(LONG)  # <-
            return int, ()

    pickle.dumps(Thing())


@case("callback", "stall", "time.sleep", LONG)
async def deep_copy_hook() -> None:
    class Thing:
        def __deepcopy__(self, memo: object):
            time.sleep(LONG)  # <-
            return self

    copy.deepcopy([Thing()])


@case("callback", "stall", "time.sleep", LONG)
async def sort_comparison() -> None:
    def compare(a: int, b: int) -> int:
        time.sleep(LONG)  # <-
        return a - b

    sorted([2, 1], key=functools.cmp_to_key(compare))


@case("callback", "cpu")
async def min_key() -> None:
    def weight(number: int) -> int:
        return sum(range(3_000_000 + number))  # <-

    min([1, 2], key=weight)


@case("callback", "stall", "time.sleep", LONG)
async def reduced() -> None:
    functools.reduce(lambda a, b: time.sleep(LONG), [1, 2])  # <-


@case("callback", "stall", "time.sleep", LONG)
async def filtered() -> None:
    list(filter(lambda _: time.sleep(LONG), [1]))  # <-


@case("callback", "stall", "time.sleep", LONG)
async def any_of_a_generator() -> None:
    any(time.sleep(LONG) for _ in range(1))  # <-


@case("callback", "stall", "time.sleep", LONG)
async def grouped() -> None:
    def key(_: int) -> int:
        time.sleep(LONG)  # <-
        return 1

    [list(group) for _, group in itertools.groupby([1], key)]


@case("callback", "stall", "time.sleep", LONG)
async def chained() -> None:
    def numbers():
        time.sleep(LONG)  # <-
        yield 1

    list(itertools.chain.from_iterable([numbers()]))


@case("callback", "stall", "time.sleep", LONG)
async def iter_with_sentinel() -> None:
    def read() -> int:
        time.sleep(LONG)  # <-
        return 0

    list(iter(read, 0))


@case("callback", "stall", "time.sleep", LONG)
async def log_formatter() -> None:
    class Formatter(logging.Formatter):
        def format(self, record: logging.LogRecord) -> str:
            time.sleep(LONG)  # <-
            return ""

    handler = logging.StreamHandler(io.StringIO())
    handler.setFormatter(Formatter())
    logger = logging.Logger("slow")
    logger.addHandler(handler)
    logger.warning("hello")


@case("callback", "stall", "time.sleep", LONG)
async def log_handler() -> None:
    class Handler(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            time.sleep(LONG)  # <-

    logger = logging.Logger("slow")
    logger.addHandler(Handler())
    logger.warning("hello")


@case("callback", "stall", "time.sleep", LONG)
async def log_argument() -> None:
    class Thing:
        def __str__(self) -> str:
            time.sleep(LONG)  # <-
            return ""

    logger = logging.Logger("slow")
    logger.addHandler(logging.StreamHandler(io.StringIO()))
    logger.warning("hello %s", Thing())


@case("callback", "stall", "time.sleep", LONG)
async def show_warning() -> None:
    def show(*_: object, **__: object) -> None:
        time.sleep(LONG)  # <-

    with warnings.catch_warnings():
        warnings.simplefilter("always")
        warnings.showwarning = show
        warnings.warn("hello", stacklevel=1)


@case("callback", "stall", "time.sleep", LONG)
async def mock_side_effect() -> None:
    def effect(*_: object) -> None:
        time.sleep(LONG)  # <-

    unittest.mock.Mock(side_effect=effect)(1)


@case("callback", "stall", "time.sleep", LONG)
async def async_mock_side_effect() -> None:
    def effect(*_: object) -> None:
        time.sleep(LONG)  # <-

    await unittest.mock.AsyncMock(side_effect=effect)(1)


@case("callback", "stall", "time.sleep", LONG)
async def mock_side_effect_itself() -> None:
    unittest.mock.Mock(side_effect=time.sleep)(LONG)  # <-


@case("callback", "stall", "time.sleep", LONG)
async def operator_attrgetter() -> None:
    class Thing:
        @property
        def slow(self) -> int:
            time.sleep(LONG)  # <-
            return 1

    operator.attrgetter("slow")(Thing())


@case("callback", "stall", "time.sleep", LONG)
async def getattr_by_name() -> None:
    getattr(time, "sleep")(LONG)  # <-


@case("callback", "stall", "time.sleep", LONG)
async def apply_by_operator() -> None:
    operator.methodcaller("sleep", LONG)(time)  # <-


@case("callback", "stall", "time.sleep", LONG)
async def in_a_copied_context() -> None:
    contextvars.copy_context().run(time.sleep, LONG)  # <-


@case("callback", "stall", "time.sleep", LONG)
async def exit_stack_callback_itself() -> None:
    with contextlib.ExitStack() as stack:  # <-
        stack.callback(time.sleep, LONG)


@case("callback", "stall", "time.sleep", LONG)
async def partial_method() -> None:
    class Thing:
        def rest(self, seconds: float) -> None:
            time.sleep(seconds)  # <-

        long = functools.partialmethod(rest, LONG)

    Thing().long()


@case("callback", "stall", "time.sleep", LONG)
async def string_formatter() -> None:
    class Formatter(string.Formatter):
        def get_value(self, key: object, *_: object) -> str:
            time.sleep(LONG)  # <-
            return ""

    Formatter().format("{a}", a=1)


@case("callback", "stall", "time.sleep", LONG)
async def node_visitor() -> None:
    class Visitor(ast.NodeVisitor):
        def visit_Name(self, node: ast.Name) -> None:
            time.sleep(LONG)  # <-

    Visitor().visit(ast.parse("a"))


@case("callback", "stall", "time.sleep", LONG)
async def raw_io() -> None:
    class Raw(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: bytearray) -> int:
            time.sleep(LONG)  # <-
            return 0

    io.BufferedReader(Raw()).read()


@case("callback", "cpu")
async def trace_function() -> None:
    def traced(frame: object, event: str, argument: object) -> None:
        if event == "call":
            sum(range(6_000_000))  # <-

    def function() -> None:
        pass

    before = sys.gettrace()
    sys.settrace(traced)
    function()
    sys.settrace(before)


@case("callback", "cpu")
async def evaluated() -> None:
    eval("sum(range(6_000_000))")  # <-


@case("callback", "stall", "time.sleep", LONG)
async def evaluated_sleep() -> None:
    eval("time.sleep(LONG)")  # <-


@case("callback", "stall", "time.sleep", LONG)
async def executed_source() -> None:
    exec("import time\ntime.sleep(0.08)\n", {})  # <-


@case("callback", "stall", "time.sleep", LONG)
async def compiled_function() -> None:
    code = "def rest(seconds):\n    time.sleep(seconds)\n"
    names = {"time": time}
    exec(code, names)
    names["rest"](LONG)  # <-


@case("callback", "stall", "time.sleep", LONG)
async def new_function_type() -> None:
    def rest() -> None:
        time.sleep(LONG)  # <-

    types.FunctionType(rest.__code__, globals())()


@case("callback", "stall", "time.sleep", LONG)
async def namedtuple_method() -> None:
    class Point(namedtuple("Point", "x y")):
        def norm(self) -> None:
            time.sleep(LONG)  # <-

    Point(1, 2).norm()


@case("callback", "stall", "time.sleep", LONG)
async def lru_cached() -> None:
    @functools.lru_cache
    def slow() -> None:
        time.sleep(LONG)  # <-

    slow()


@case("callback", "stall", "time.sleep", LONG)
async def coroutine_by_types() -> None:
    @types.coroutine
    def old():
        time.sleep(LONG)  # <-
        yield

    await old()


@case("callback", "stall", "time.sleep", LONG)
async def signal_by_python() -> None:
    def handler(*_: object) -> None:
        time.sleep(LONG)  # <-

    before = signal.signal(signal.SIGUSR2, handler)
    os.kill(os.getpid(), signal.SIGUSR2)
    await asyncio.sleep(0.01)
    signal.signal(signal.SIGUSR2, before)


@case("callback", "stall", "time.sleep", LONG)
async def signal_while_idle() -> None:
    def handler(*_: object) -> None:
        time.sleep(LONG)  # <-

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    await asyncio.sleep(0.2)
    signal.signal(signal.SIGALRM, before)


@case("callback", "cpu")
async def signal_while_idle_cpu() -> None:
    def handler(*_: object) -> None:
        sum(range(6_000_000))  # <-

    before = signal.signal(signal.SIGALRM, handler)
    signal.setitimer(signal.ITIMER_REAL, 0.02)
    await asyncio.sleep(0.3)
    signal.signal(signal.SIGALRM, before)


@case("callback", "stall", "time.sleep", LONG)
async def signal_by_the_loop() -> None:
    def handler() -> None:
        time.sleep(LONG)  # <-

    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, handler)
    os.kill(os.getpid(), signal.SIGUSR1)
    await asyncio.sleep(0.02)
    loop.remove_signal_handler(signal.SIGUSR1)


@case("callback", "stall", "time.sleep", LONG)
async def exception_handler() -> None:
    def handler(loop: object, context: object) -> None:
        time.sleep(LONG)  # <-

    def fail() -> None:
        raise ValueError

    loop = asyncio.get_running_loop()
    loop.set_exception_handler(handler)
    loop.call_soon(fail)
    await asyncio.sleep(0.01)


@case("callback", "cpu")
async def in_a_lambda() -> None:
    asyncio.get_running_loop().call_soon(lambda: sum(range(6_000_000)))  # <-
    await asyncio.sleep(0)


@case("callback", "cpu")
async def task_factory() -> None:
    def factory(loop, coroutine, **options):
        sum(range(6_000_000))  # <-
        return asyncio.Task(coroutine, loop=loop, **options)

    loop = asyncio.get_running_loop()
    loop.set_task_factory(factory)
    await asyncio.create_task(asyncio.sleep(0))
    loop.set_task_factory(None)


@case("callback", "stall", "time.sleep", LONG)
async def threadsafe_future_callback() -> None:
    def done(_: object) -> None:
        time.sleep(LONG)  # <-

    future = asyncio.ensure_future(asyncio.to_thread(int))
    future.add_done_callback(done)
    await future
    await asyncio.sleep(0.01)


@case("callback", "stall", "time.sleep", LONG)
async def datagram_protocol() -> None:
    class Slow(asyncio.DatagramProtocol):
        def datagram_received(self, data: bytes, address: object) -> None:
            time.sleep(LONG)  # <-

    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(Slow, ("127.0.0.1", 0))
    transport.sendto(b"x", transport.get_extra_info("sockname"))
    await asyncio.sleep(0.03)
    transport.close()


@case("callback", "cpu")
async def subprocess_protocol() -> None:
    ended = asyncio.Event()

    class Slow(asyncio.SubprocessProtocol):
        def process_exited(self) -> None:
            sum(range(6_000_000))  # <-
            ended.set()

    transport, _ = await asyncio.get_running_loop().subprocess_exec(Slow, "true")
    await ended.wait()
    transport.close()


@case("callback", "cpu")
async def as_completed_between() -> None:
    for future in asyncio.as_completed([asyncio.sleep(0.01), asyncio.sleep(0.02, 8_000_000)]):
        sum(range(await future or 0))  # <-


@case("callback", "cpu")
async def shielded() -> None:
    async def inner() -> None:
        await asyncio.sleep(0)
        sum(range(6_000_000))  # <-

    await asyncio.shield(inner())


@case("callback", "cpu")
async def under_a_timeout() -> None:
    try:
        async with asyncio.timeout(0.01):
            sum(range(6_000_000))  # <-
            await asyncio.sleep(1)
    except TimeoutError:
        pass


@case("callback", "cpu")
async def producer_and_consumer() -> None:
    values: asyncio.Queue[int] = asyncio.Queue(1)

    async def consume() -> None:
        while number := await values.get():
            sum(range(number))  # <-

    task = asyncio.create_task(consume(), name="consumer")
    for number in (1, 8_000_000, 0):
        await values.put(number)
    await task

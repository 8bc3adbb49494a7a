"""A callable that a module has stored, however deep, is watched while a loop runs, and back in its place after it.

So is `time.sleep` by the virtual clock, which moves on by it, and by both at a time.
"""

from __future__ import annotations

import asyncio
import enum
import gc
import io
import multiprocessing
import queue
import threading
import weakref
from collections import ChainMap, OrderedDict, UserDict, deque
from functools import partial
from time import sleep
from types import BuiltinMethodType, ModuleType, SimpleNamespace
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import Mock

import pytest

from redloop.blocking import detect
from redloop.clock import VirtualLoop
from redloop.stored import stored_in

if TYPE_CHECKING:
    from collections.abc import Callable


class Named(NamedTuple):
    nap: Any


class Injected:
    def __init__(self, nap: Any) -> None:
        self.nap = nap


class Slotted:
    __slots__ = ("nap", "never_set")

    def __init__(self, nap: Any) -> None:
        self.nap = nap


class Choice(enum.Enum):
    NAP = (sleep, 0.001)


class Holder:
    pairs = ((sleep, "twice"), sleep)
    bare = sleep  # as a builtin, it takes no `self`
    static = staticmethod(sleep)


class Lazy:
    asked = False

    @property
    def __class__(self) -> type:  # type: ignore[override]  # what a lazy object does: being asked sets it up
        Lazy.asked = True
        return dict

    @__class__.setter
    def __class__(self, _: type) -> None: ...


def remembering(function: Callable[[float], None]) -> Callable[[float], None]:
    def call(seconds: float) -> None:
        function(seconds)

    return call


def by_default(seconds: float, nap: Any = sleep) -> None:
    nap(seconds)


a_list = [1, sleep]
a_tuple = (sleep, 2)
a_table = {"deep": {Choice.NAP: [sleep]}}
named = Named(sleep)
injected = Injected(sleep)
slotted = Slotted(sleep)
closed_over = remembering(sleep)
by_keyword = partial(map, nap=sleep)
in_a_partial = partial(sleep, 0.001)
lazy = Lazy()

STORED: list[Callable[[], Any]] = [
    lambda: a_list[1],
    lambda: a_tuple[0],
    lambda: a_table["deep"][Choice.NAP][0],
    lambda: named.nap,
    lambda: injected.nap,
    lambda: slotted.nap,
    lambda: closed_over,
    lambda: by_keyword.keywords["nap"],
    lambda: Choice.NAP.value[0],
    lambda: Holder.pairs[0][0],
    lambda: Holder.pairs[1],
    lambda: Holder.bare,
    lambda: Holder().bare,
    lambda: Holder().static,
    lambda: by_default,
    lambda: lambda _seconds: in_a_partial(),
]


@pytest.mark.parametrize("stored", STORED)
def test_it_is_watched(stored: Callable[[], Any]) -> None:
    async def scenario() -> None:
        stored()(0.001)

    with detect() as calls:
        asyncio.run(scenario())
    assert [call.call for call in calls] == ["time.sleep"]


@pytest.mark.parametrize("stored", STORED)
def test_it_moves_the_virtual_clock(stored: Callable[[], Any]) -> None:
    async def scenario() -> float:
        stored()(0.001)
        return asyncio.get_running_loop().time()

    def elapsed() -> float:
        with asyncio.Runner(loop_factory=VirtualLoop) as runner:
            return runner.run(scenario())

    assert elapsed() == 0.001
    with detect() as calls:
        assert elapsed() == 0.001
    assert [call.call for call in calls] == ["time.sleep"]


@pytest.mark.parametrize("clock", [None, VirtualLoop])
def test_it_is_back_in_its_place(clock: Callable[[], asyncio.AbstractEventLoop] | None) -> None:
    def places() -> list[Any]:
        return [
            *(vars(Holder)[name] for name in ("bare", "static")), in_a_partial.func, by_default.__defaults__[0],  # type: ignore[index]
            *a_list, *a_table["deep"][Choice.NAP], a_tuple, named, injected.nap, slotted.nap, Holder.pairs,
            closed_over.__closure__[0].cell_contents, by_keyword.keywords["nap"], Choice.NAP.value,  # type: ignore[index]
        ]  # fmt: skip

    async def scenario() -> None:
        assert {index for index, (now, then) in enumerate(zip(places(), before, strict=True)) if now is then} == {4}

    before = places()
    assert before[4] == 1, "the entry of the list that is none"
    with detect(), asyncio.Runner(loop_factory=clock) as runner:
        runner.run(scenario())
    assert all(now is then for now, then in zip(places(), before, strict=True))


def test_what_the_suite_does_with_it_meanwhile_stands() -> None:
    async def scenario() -> None:
        a_list.insert(0, "new")
        injected.nap = "another"

    with detect():
        asyncio.run(scenario())
    try:
        assert a_list[:2] == ["new", 1]
        assert injected.nap == "another"
    finally:
        a_list[:], injected.nap = [1, sleep], sleep


def test_a_lazy_object_is_not_asked(request: pytest.FixtureRequest) -> None:
    Lazy.asked = False
    assert list(stored_in(request.module, {id(sleep)}, bool))
    assert not Lazy.asked


def test_large_data_is_not_searched() -> None:
    """A module with a list of some millions took gigabytes to look through."""
    read = []

    class Large(tuple[Any, ...]):
        __slots__ = ()

        def __getitem__(self, index: Any) -> Any:
            read.append(len(self))
            return super().__getitem__(index)

    module = ModuleType("of_large_data")
    vars(module).update(large=Large([sleep] * 1000), small=Large([sleep]))
    assert len(list(stored_in(module, {id(sleep)}, bool))) == 1
    assert set(read) == {1}


def test_locks_of_multiprocessing_are_back_as_they_were() -> None:
    before = multiprocessing.Lock()
    made: list[Any] = []

    async def scenario() -> None:
        before.acquire(timeout=0.001)
        made.append(multiprocessing.Lock())

    before.acquire()
    with detect() as calls:
        asyncio.run(scenario())
    assert [call.call for call in calls] == ["multiprocessing.Lock.acquire"]
    assert {type(vars(lock)["acquire"]) for lock in (before, *made)} == {BuiltinMethodType}


def test_a_lock_of_multiprocessing_that_nobody_has_any_more_is_gone() -> None:
    lock = multiprocessing.Lock()
    reference = weakref.ref(lock)
    with detect():
        asyncio.run(asyncio.sleep(0))
        del lock
        gc.collect()
        assert reference() is None


class Cautious(dict[str, Any]):
    def __setitem__(self, key: str, value: Any) -> None:
        raise AssertionError("a dict of one's own is written to without asking it")


memory = io.BytesIO(b"abc")
lock = threading.Lock()
bound: dict[str, Any] = {"acquire": lock.acquire, "get": queue.SimpleQueue().get, "read": memory.read}
holders: list[Any] = [
    SimpleNamespace(nap=sleep), deque([sleep]), OrderedDict(nap=sleep), Cautious(nap=sleep), UserDict(nap=sleep),
    ChainMap({"nap": sleep}), Mock(side_effect=sleep), partial(map, sleep), {"bound": bound},
]  # fmt: skip


def test_what_is_bound_and_what_holders_hold_is_back_in_its_place() -> None:
    def places() -> list[Any]:
        space, waiting, ordered, cautious, user, chain, mock, given, table = holders
        return [
            space.nap, waiting[0], ordered["nap"], cautious["nap"], user["nap"], chain["nap"], mock.side_effect,
            given.args[0], table["bound"]["acquire"], table["bound"]["get"],
        ]  # fmt: skip

    async def scenario() -> None:
        assert not any(now is then for now, then in zip(places(), before, strict=True))
        assert bound["read"] == memory.read  # of what is not in the catalogue nothing is touched

    before = places()
    with detect():
        asyncio.run(scenario())
    assert all(now is then for now, then in zip(places(), before, strict=True))

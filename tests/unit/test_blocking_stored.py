"""A callable that a module has stored, however deep, is watched while a loop runs, and back in its place after it."""

from __future__ import annotations

import asyncio
import enum
from functools import partial
from time import sleep
from types import ModuleType
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from redloop.blocking import detect
from redloop.blocking.stored import stored_in

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


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


a_list = [1, sleep]
a_tuple = (sleep, 2)
a_table = {"deep": {Choice.NAP: [sleep]}}
named = Named(sleep)
injected = Injected(sleep)
slotted = Slotted(sleep)
closed_over = remembering(sleep)
by_keyword = partial(map, nap=sleep)
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
]


@pytest.mark.parametrize("stored", STORED)
def test_it_is_watched(stored: Callable[[], Any]) -> None:
    async def scenario() -> None:
        stored()(0.001)

    with detect() as calls:
        asyncio.run(scenario())
    assert [call.call for call in calls] == ["time.sleep"]


def test_it_is_back_in_its_place() -> None:
    def places() -> list[Any]:
        return [
            *a_list, *a_table["deep"][Choice.NAP], a_tuple, named, injected.nap, slotted.nap, Holder.pairs,
            closed_over.__closure__[0].cell_contents, by_keyword.keywords["nap"], Choice.NAP.value,  # type: ignore[index]
        ]  # fmt: skip

    async def scenario() -> None:
        assert not any(now is then for now, then in zip(places()[1:], before[1:], strict=True))

    before = places()
    with detect():
        asyncio.run(scenario())
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
    assert list(stored_in(request.module, {id(sleep)}))
    assert not Lazy.asked


def test_large_data_is_not_searched() -> None:
    """A module with a list of some millions took gigabytes to look through."""
    read = []

    class Large(tuple[Any, ...]):
        __slots__ = ()

        def __iter__(self) -> Iterator[Any]:
            read.append(len(self))
            return super().__iter__()

    module = ModuleType("of_large_data")
    vars(module).update(large=Large([sleep] * 1000), small=Large([sleep]))
    assert len(list(stored_in(module, {id(sleep)}))) == 1
    assert set(read) == {1}

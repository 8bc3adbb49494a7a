from __future__ import annotations

import asyncio
import gc
import time
import weakref
from typing import TYPE_CHECKING, Any

import pytest

from redloop.blocking import detect
from redloop.blocking.garbage import Garbage
from redloop.blocking.lines.places import is_watched
from redloop.blocking.stalls import watching

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


@pytest.fixture
def collections() -> Iterator[list[str]]:
    """What the garbage collector does. It is off, and finds two million new objects when it is switched on."""
    phases: list[str] = []

    def told(phase: str, _info: dict[str, int]) -> None:
        phases.append(phase)

    gc.collect()
    gc.disable()
    gc.callbacks.append(told)
    heap = [[number] for number in range(2_000_000)]
    yield phases
    gc.callbacks.remove(told)
    heap.clear()
    gc.enable()


def make_objects() -> None:
    kept.extend([] for _ in range(10_000))
    kept.clear()


kept: list[list[int]] = []


def test_what_the_interpreter_collects_by_itself_is_no_steps_doing(collections: list[str]) -> None:
    """Which step it falls into is up to chance: a test would be red in one run and green in the next."""

    async def main() -> None:
        gc.enable()
        make_objects()

    with detect() as calls:
        asyncio.run(main())
    assert "stop" in collections
    assert list(calls) == []


def test_nor_is_it_where_the_step_computes_as_well(collections: list[str]) -> None:
    """Half of it is the step's own, and less than a stall."""

    async def main() -> None:
        end = time.thread_time() + 0.1
        while time.thread_time() < end:
            pass
        gc.enable()
        kept.extend([] for _ in range(2_500))
        kept.clear()

    with detect(threshold=0.13) as calls:
        began = time.thread_time()
        asyncio.run(main())
        took = time.thread_time() - began
    assert "stop" in collections
    assert took > 0.13
    assert list(calls) == []


def test_many_are_those_of_a_step_that_makes_many_objects() -> None:
    async def main() -> None:
        kept.extend([] for _ in range(3_000_000))

    with detect() as calls:
        asyncio.run(main())
    kept.clear()
    assert [(call.call, call.lineno) for call in calls] == [("", main.__code__.co_firstlineno + 1)]


@pytest.mark.usefixtures("collections")
def test_a_collection_that_tells_weak_references_is_seen_on_its_own_line() -> None:
    """Their callback is what a late look sees."""

    class Node:
        pass

    async def main() -> None:
        node = Node()
        node.itself = node  # type: ignore[attr-defined]
        nodes = weakref.WeakSet([node])
        del node
        repr(nodes)

        gc.collect()

    with detect() as calls:
        asyncio.run(main())
    assert [(call.call, call.lineno) for call in calls] == [("gc.collect", main.__code__.co_firstlineno + 7)]


@pytest.mark.usefixtures("collections")
def test_a_collection_that_is_asked_for_is() -> None:
    async def main() -> None:
        gc.collect()

    with detect() as calls:
        asyncio.run(main())
    assert [(call.call, call.lineno) for call in calls] == [("gc.collect", main.__code__.co_firstlineno + 1)]


@pytest.mark.usefixtures("collections")
def test_a_finalizer_that_a_collection_calls_is() -> None:
    class Thing:
        def __del__(self) -> None:
            end = time.thread_time() + 0.3
            while time.thread_time() < end:
                pass

    async def main() -> None:
        thing = Thing()
        thing.itself = thing  # type: ignore[attr-defined]
        del thing
        gc.enable()
        make_objects()

    with detect() as calls:
        asyncio.run(main())
    assert calls


@pytest.mark.usefixtures("collections")
def test_who_blocks_has_not_to_wait_though_it_takes_long_to_see_where() -> None:
    """To go through a long function takes so long that the loop goes on, and the task is ready again."""
    lines = [
        f"    found[{number}] = str({number}) + repr(found.get({number})).upper().strip()" for number in range(300)
    ]
    source = [
        "import asyncio, gc",
        "async def blocker():",
        "    found = {}",
        *lines,
        "    gc.collect()",
        "    await asyncio.sleep(0)",
    ]
    names: dict[str, Any] = {}
    exec(compile("\n".join(source), "/suite/blocker.py", "exec"), names)  # noqa: S102 - nobody would write it

    async def main() -> None:
        await asyncio.create_task(names["blocker"](), name="blocker")

    with detect() as calls:
        asyncio.run(main())
    assert [(call.call, call.task, call.victims) for call in calls] == [("gc.collect", "blocker", ())]


@pytest.mark.parametrize("is_on", [True, False])
def test_the_thread_that_looks_collects_none(is_on: bool, monkeypatch: pytest.MonkeyPatch) -> None:  # noqa: FBT001 - pytest's parameters have no names
    """It makes objects, too: the suite's finalizers would be called there, and its connections closed by a stranger."""
    seen: list[bool] = []

    def look(frame: FrameType | None) -> bool:
        seen.append(gc.isenabled())
        return is_watched(frame)

    async def main() -> None:
        while not seen:
            time.sleep(0.02)

    monkeypatch.setattr(watching, "is_watched", look)
    (gc.enable if is_on else gc.disable)()
    try:
        with detect():
            asyncio.run(main())
        assert not any(seen)
        assert gc.isenabled() is is_on
    finally:
        gc.enable()


def test_a_collection_while_they_are_summed_up() -> None:
    """The sampler's thread asks, and the loop's goes on; it used to die of a "deque mutated during iteration"."""
    garbage = Garbage()

    class Collects(float):
        def __le__(self, other: object) -> bool:
            garbage.told("start", {})
            garbage.told("stop", {})
            return True

    for _ in range(3):
        garbage.told("start", {})
        garbage.told("stop", {})
    assert garbage.between(Collects(0.0), float("inf"))
    assert len(garbage._past) > 3

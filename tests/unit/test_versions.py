"""What the interpreter remembers of a class that is changed to and fro must always be true."""

from __future__ import annotations

import gc
import threading
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest

from redloop.patching import Patches, Plan, namespace_of
from redloop.versions import Versions, are_known

if TYPE_CHECKING:
    from collections.abc import Callable

OFTEN = 1_500
"""More often than a class is given a version."""


class Base:
    def name(self) -> str:
        return "base"

    def other(self) -> str:
        return "other"


class Heir(Base):
    pass


def fresh() -> tuple[type[Base], type[Base]]:
    base = type("base", (Base,), {"name": Base.name, "other": Base.other})
    return base, type("heir", (base,), {})


def asked(one: Any, many: int = 50) -> set[str]:
    """What a call in one place gives, again and again: the interpreter remembers there what it has found."""
    return {one.name() for _ in range(many)}


def plan_for(kind: type[Base]) -> Plan:
    plan = Plan()
    plan.add(kind, "name", kind.name, lambda _self: "replaced")
    return plan


def of(kind: type) -> int:
    testing = pytest.importorskip("_testcapi", reason="this Python was built without what its own tests need")
    version: int = testing.type_get_version(kind)
    return version


def test_this_interpreter_keeps_them_where_they_are_looked_for() -> None:
    assert are_known()


@pytest.mark.parametrize("which", [0, 1], ids=["class", "heir"])
def test_what_is_found_is_what_is_there(which: int) -> None:
    base, heir = fresh()
    one, plan = (base, heir)[which](), plan_for(base)
    for _ in range(5):
        assert asked(one) == {"base"}
        plan.apply()
        assert asked(one) == {"replaced"}
        plan.undo()
    assert asked(one) == {"base"}


def test_each_state_has_one_version() -> None:
    base, heir = fresh()
    plan, seen = plan_for(base), set()
    for _ in range(OFTEN):
        plan.apply()
        asked(heir(), 2)
        seen.add((of(base), of(heir)))
        plan.undo()
        asked(heir(), 2)
        seen.add((of(base), of(heir)))
    assert len(seen) == 2
    assert 0 not in {version for both in seen for version in both}


def test_without_them_a_class_runs_out_of_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the test before this one proves can fail."""
    monkeypatch.setattr("redloop.versions.are_known", lambda: False)
    base, heir = fresh()
    plan, seen = plan_for(base), set()
    for _ in range(OFTEN):
        plan.apply()
        asked(heir(), 2)
        seen.add(of(base))
        plan.undo()
        asked(heir(), 2)
    assert len(seen) > 100


def set_attribute(base: type[Base]) -> Callable[[], object]:
    return lambda: setattr(base, "name", lambda _self: "theirs")


def patch_attribute(base: type[Base]) -> Callable[[], object]:
    return lambda: Patches().replace(base, "name", lambda _self: "theirs")


@pytest.mark.parametrize("somebody", [set_attribute, patch_attribute])
def test_what_somebody_else_puts_there_meanwhile_is_found(
    somebody: Callable[[type[Base]], Callable[[], object]],
) -> None:
    base, heir = fresh()
    one, plan = heir(), plan_for(base)
    for _ in range(3):
        plan.apply()
        asked(one)
        plan.undo()
        asked(one)
    plan.apply()
    asked(one)
    somebody(base)()
    assert asked(one) == {"theirs"}
    plan.undo()
    assert asked(one) == {"theirs"}
    plan.apply()
    assert asked(one) == {"theirs"}
    plan.undo()


def test_what_somebody_else_changes_between_two_tests_is_found() -> None:
    made: Any = fresh()
    base, heir = made
    one, plan = heir(), plan_for(base)

    def others() -> set[str]:
        return {one.other() for _ in range(50)}

    for _ in range(3):
        plan.apply()
        assert others() == {"other"}
        plan.undo()
        assert others() == {"other"}
    base.other = lambda _self: "theirs"
    plan.apply()
    assert others() == {"theirs"}
    plan.undo()
    assert others() == {"theirs"}


def test_an_heir_that_is_made_meanwhile_finds_what_is_there() -> None:
    base, _ = fresh()
    plan = plan_for(base)
    plan.apply()
    plan.undo()
    plan.apply()
    one = type("later", (base,), {})()
    assert asked(one) == {"replaced"}
    plan.undo()
    assert asked(one) == {"base"}
    plan.apply()
    assert asked(one) == {"replaced"}
    plan.undo()


def test_an_heir_of_two_whose_other_base_is_changed() -> None:
    base, _ = fresh()
    mixin: Any = type("mixin", (), {"mixed": lambda _self: "mixin"})
    one: Any = type("both", (base, mixin), {})()
    plan = plan_for(base)

    def mixed() -> set[str]:
        return {one.mixed() for _ in range(50)}

    for _ in range(2):
        plan.apply()
        assert mixed() == {"mixin"}
        plan.undo()
        assert mixed() == {"mixin"}
    plan.apply()
    mixin.mixed = lambda _self: "changed"
    plan.undo()
    assert mixed() == {"changed"}


def test_an_heir_of_two_that_are_both_changed_to_and_fro() -> None:
    base, _heir = fresh()
    mixin: Any = type("mixin", (), {"mixed": lambda _self: "mixin", "third": lambda _self: "third"})
    one: Any = type("both", (base, mixin), {})()
    plan = plan_for(base)
    plan.add(mixin, "mixed", vars(mixin)["mixed"], lambda _self: "replaced")

    def found() -> set[str]:
        return {one.name() + one.mixed() + one.third() for _ in range(50)}

    versions = set()
    for _ in range(20):
        plan.apply()
        assert found() == {"replacedreplacedthird"}
        plan.undo()
        assert found() == {"basemixinthird"}
        versions.add((of(base), of(mixin)))
    assert len(versions) == 1, "theirs are not lost for its sake"
    plan.apply()
    assert found() == {"replacedreplacedthird"}
    mixin.third = lambda _self: "theirs"
    assert found() == {"replacedreplacedtheirs"}
    plan.undo()
    assert found() == {"basemixintheirs"}


def test_an_heir_that_is_gone_is_left_alone() -> None:
    base, heir = fresh()
    plan = plan_for(base)
    for _ in range(2):
        plan.apply()
        plan.undo()
    del heir
    gc.collect()
    others = [type("heir", (Base,), {}) for _ in range(100)]  # one of them may be where that was
    for one, other in pairwise(others):
        assert asked(one()) == asked(other()) == {"base"}
    before = list(map(of, others))
    plan.apply()
    plan.undo()
    assert list(map(of, others)) == before


def test_an_heir_is_asked_nothing() -> None:
    """It may answer as it likes."""

    class Touchy:
        def __get__(self, one: object, kind: type) -> object:
            raise RuntimeError("do not touch")

    class Meta(type):
        def __getattribute__(cls, name: str) -> Any:
            if name in {"__dict__", "__module__", "__init__"}:
                raise RuntimeError("do not touch")
            return super().__getattribute__(name)

    base, _ = fresh()
    heirs = [
        type("touchy", (base,), {"__init__": Touchy(), "__module__": 7}),
        Meta("meta", (base,), {"__module__": None}),
    ]
    plan = plan_for(base)
    for _ in range(2):
        plan.apply()
        assert [asked(object.__new__(heir)) for heir in heirs] == [{"replaced"}] * 2
        plan.undo()
        assert [asked(object.__new__(heir)) for heir in heirs] == [{"base"}] * 2


@pytest.mark.parametrize("are_they", [True, False], ids=["known", "unknown"])
def test_a_thread_that_looks_something_up_in_the_midst_of_a_change(
    monkeypatch: pytest.MonkeyPatch, *, are_they: bool
) -> None:
    monkeypatch.setattr("redloop.versions.are_known", lambda: are_they)
    base, heir = fresh()
    one, names = heir(), {"base": vars(Base)["name"], "replaced": lambda _self: "replaced"}
    versions = Versions(base)
    for state, (name, function) in enumerate([*names.items()] * 3):
        versions.leave()
        asked(one)  # as another thread may do
        namespace_of(base)["name"] = function  # as a plan does it: the interpreter is not told
        versions.enter(state % 2)
        assert asked(one) == {name}


def test_it_keeps_no_class_alive() -> None:
    base, heir = fresh()
    versions = Versions(base)
    versions.leave()
    versions.enter(0)
    heirs = len(base.__subclasses__())
    del heir
    gc.collect()
    assert (heirs, len(base.__subclasses__())) == (1, 0)


def test_threads_that_look_things_up_meanwhile() -> None:
    base, heir = fresh()
    plan, over = plan_for(base), threading.Event()
    wrong: list[set[str]] = []

    def look() -> None:
        one = heir()
        while not over.is_set():
            if not (found := asked(one, 20)) <= {"base", "replaced"}:
                wrong.append(found)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    one = heir()
    for _ in range(2_000):
        plan.apply()
        if (found := asked(one, 3)) != {"replaced"}:
            wrong.append(found)
        plan.undo()
        if (found := asked(one, 3)) != {"base"}:
            wrong.append(found)
    over.set()
    for thread in threads:
        thread.join()
    assert wrong == []

from __future__ import annotations

from redloop.blocking.garbage import Garbage


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
    assert garbage.seconds(Collects(0.0), float("inf")) >= 0.0
    assert len(garbage._past) > 3

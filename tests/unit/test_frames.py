"""Reading a frame's local names keeps none of them alive, and leaves what its own code has of them."""

import asyncio
import sys
import threading
import weakref
from types import FrameType
from typing import Any

from redloop.blocking import detect
from redloop.frames import local_names


class Held:
    pass


def read(frame: FrameType | None) -> dict[str, Any]:
    assert frame is not None
    return dict(local_names(frame))


def test_what_is_let_go_of_dies() -> None:
    held = Held()
    gone = weakref.ref(held)
    assert read(sys._getframe())["held"] is held
    del held
    assert gone() is None


def test_what_the_function_has_of_them_stays() -> None:
    held = Held()
    own = locals()
    assert read(sys._getframe())["held"] is held
    assert own["held"] is held


def test_the_names_of_a_class_stay() -> None:
    class Own:
        name = 2
        seen = read(sys._getframe())

    assert Own.name == Own.seen["name"] == 2


def test_no_variable_is_lost_to_a_trace_function_that_returns_meanwhile() -> None:
    """Python then writes the copy in a frame back into its variables, on 3.11 and 3.12."""
    here, done, looked = threading.get_ident(), False, 0

    def look() -> None:
        nonlocal looked
        while not done:
            frame = sys._current_frames().get(here)
            for _ in range(3):
                if frame is not None:
                    local_names(frame)
                    frame = frame.f_back
                    looked += 1

    def trace(*_: object) -> None:
        for _ in range(3):
            pass

    def work(number: int) -> list[int]:
        until = number + 1
        numbers = list(map(abs, [until, until]))
        assert locals()["until"] == until
        return [until, *numbers]

    thread, interval, profiler = threading.Thread(target=look), sys.getswitchinterval(), sys.getprofile()
    sys.setswitchinterval(1e-6)
    thread.start()
    sys.setprofile(trace)
    try:
        for number in range(3000):
            assert work(number) == [number + 1] * 3
    finally:
        sys.setprofile(profiler)
        done = True
        thread.join()
        sys.setswitchinterval(interval)
    assert looked


def test_a_local_variable_of_a_step_that_was_looked_at_dies_where_it_is_deleted() -> None:
    async def main() -> bool:
        held = Held()
        gone = weakref.ref(held)
        for _ in range(20):  # until it was seen at it
            sum(range(20_000_000))
            await asyncio.sleep(0)
            if calls:
                break
        del held
        return gone() is None

    with detect() as calls:
        assert asyncio.run(main())

import asyncio
import importlib.util
import threading
from collections.abc import Callable

import pytest
from tide_table import main

# Which loop runs is the question here, so nobody else chooses one. A pool that has done its work may be closed anywhere.
pytestmark = pytest.mark.redloop(clock="real", allow=["concurrent.futures.Executor.__exit__"])


def new_loop() -> asyncio.AbstractEventLoop:
    """What a program gets that does not care, and nothing runs on it."""
    loop = asyncio.new_event_loop()
    loop.close()
    return loop


usual = type(new_loop())


class HarbourLoop(asyncio.SelectorEventLoop):
    """An event loop of our own. It does what others do."""


class FerryLoop(HarbourLoop):
    """And another one."""


def uvloop() -> asyncio.AbstractEventLoop:
    import uvloop

    return uvloop.new_event_loop()


without_uvloop = importlib.util.find_spec("uvloop") is None
no_uvloop = pytest.mark.skipif(without_uvloop, reason="uvloop is not installed. To run on it too: pip install uvloop")


class Coast:
    """Knows the tides, makes event loops, and remembers what was done on which loop and in which thread."""

    def __init__(self, kind: Callable[[], asyncio.AbstractEventLoop] = HarbourLoop) -> None:
        self.kind = kind
        self.made: list[asyncio.AbstractEventLoop] = []
        self.used: list[asyncio.AbstractEventLoop] = []
        self.asked_in: set[str] = set()
        self.drawn_in: set[str] = set()
        self.asking = self.peak = 0

    def loop(self) -> asyncio.AbstractEventLoop:
        self.made.append(self.kind())
        return self.made[-1]

    async def fetch(self, harbour: str) -> float:
        self.used.append(asyncio.get_running_loop())
        self.asked_in.add(threading.current_thread().name)
        self.asking += 1
        self.peak = max(self.peak, self.asking)
        await asyncio.sleep(0.02)
        self.asking -= 1
        if harbour == "atlantis":
            raise LookupError("it is under water")
        return len(harbour) / 2

    def draw(self, levels: dict[str, float]) -> str:
        self.drawn_in.add(threading.current_thread().name)
        return ", ".join(f"{harbour} {level} m" for harbour, level in levels.items())

    def main(self, *harbours: str, usual: bool = False) -> str:
        """What main() returns, or the error that it ended with."""
        try:
            return main(self.fetch, self.draw, list(harbours), *([] if usual else [self.loop]))
        except Exception as error:
            while isinstance(error, ExceptionGroup):  # what a TaskGroup makes of an error
                error = error.exceptions[0]
            return f"{type(error).__name__}: {str(error).rpartition('> ')[2]}"  # without the parts that are no English


def names(loops: list[asyncio.AbstractEventLoop]) -> str:
    kinds = {type(loop) for loop in loops}
    return " and ".join(f"{kind.__module__.partition('.')[0]}.{kind.__name__}" for kind in kinds) or "none"


def current() -> list[asyncio.AbstractEventLoop]:
    """The loop that asyncio gives to whoever asks outside of a coroutine, where one is set."""
    try:
        return [asyncio.get_event_loop()]
    except RuntimeError:
        return []


@pytest.mark.parametrize("kind", [HarbourLoop, FerryLoop, pytest.param(uvloop, marks=no_uvloop)])
def test_runs_on_the_loop_that_it_is_given(kind):
    coast = Coast(kind)
    table = coast.main("cork", "brest")
    assert table == "cork 2.0 m, brest 2.5 m", f"given a {kind.__name__}, main() came to {table!r}"
    on_it = set(coast.used) <= set(coast.made)
    assert on_it, f"given a {kind.__name__}, main() did its work on another loop: {names(coast.used)}"


@pytest.mark.parametrize("harbour", ["cork", "atlantis"])
def test_one_loop_for_each_run_and_closed_after_it(harbour):
    coast = Coast()
    result = coast.main(harbour)
    assert len(coast.made) == 1, f"a run needs one event loop, and loop_factory() was called {len(coast.made)} times"
    assert coast.made[0].is_closed(), f"main() is over, it came to {result!r}, and its event loop is still open"
    want = "cork 2.0 m" if harbour == "cork" else "LookupError: it is under water"
    assert result == want, f"for {harbour}, main() came to {result!r}"


def test_asyncio_chooses_when_nobody_else_does():
    asyncio.set_event_loop(None)
    chosen = Coast(HarbourLoop)
    chosen.main("cork")
    chosen.main("atlantis")
    coast = Coast()
    tables = [coast.main("cork", usual=True), coast.main("cork", usual=True)]
    assert tables == ["cork 2.0 m", "cork 2.0 m"], f"two runs without a loop_factory came to {tables}"
    ran_on = {type(loop) for loop in coast.used}
    assert ran_on == {usual}, f"nobody chose a loop for this run, and it ran on {names(coast.used)}"
    left_open = [loop for loop in coast.used if not loop.is_closed()]
    assert not left_open, "main() was run without a loop_factory, it is over, and its event loop is still open"
    later = new_loop()
    assert type(later) is usual, f"main() is over, and another program that makes a loop gets {names([later])}"
    assert not current(), f"main() is over, and asyncio's current event loop is still one of its: {names(current())}"


def test_asks_all_harbours_at_once():
    coast = Coast()
    coast.main("cork", "brest", "lisbon")
    assert coast.peak == 3, f"three harbours, and {coast.peak} at the most were being asked at the same time"


def test_draws_in_a_worker_thread():
    coast = Coast()
    coast.main("cork")
    both = coast.drawn_in & coast.asked_in
    assert not both, f"the event loop runs in {coast.asked_in}, and the table was drawn in that thread too"

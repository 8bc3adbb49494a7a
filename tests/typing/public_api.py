"""The public API as its users type it. Nothing runs here: mypy reads it in the strict mode of this repository."""

import asyncio
from typing import TYPE_CHECKING

import redloop

if TYPE_CHECKING:
    from collections.abc import Sequence


async def scenario() -> int:
    with redloop.detect(threshold=0.1, calls="tests", allow=["time.sleep"], source=["shop"]) as calls:
        await asyncio.sleep(0)
    seen: Sequence[redloop.BlockingCall] = calls
    return sum(call.lineno for call in seen)


def run_on_the_virtual_clock() -> float:
    with asyncio.Runner(loop_factory=redloop.VirtualLoop) as runner:
        runner.run(scenario())
        return runner.get_loop().time()


def from_json(text: dict[str, object]) -> redloop.Run:
    run = redloop.Run.from_json(text)
    seconds: float = run.elapsed + run.blocked
    assert seconds >= 0
    return run


def catches() -> str:
    try:
        asyncio.run(scenario())
    except redloop.DeadlockError as error:
        return str(error)
    except redloop.LivelockError as error:
        return str(error)
    return ""

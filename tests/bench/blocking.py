# ruff: noqa: T201 - a command prints
"""What the detector costs: `python tests/bench/blocking.py [--rounds N]` prints the table. Nothing is asserted.

Each round runs every variant once, in a fresh interpreter each, in turn; a ratio is of two neighbours in one round, and
the table has the median of the ratios. CPU time, not wall time: a busy machine changes that less. malloc is pinned, or
the run without any tool takes 20,000 page faults that the others do not.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import statistics
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

PLUGIN = Path(__file__).parents[2] / "plugin"
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "33554432", "MALLOC_TRIM_THRESHOLD_": "536870912"}


async def switches() -> None:
    """200,000 bare task switches."""
    for _ in range(200_000):
        await asyncio.sleep(0)


async def echoes() -> None:
    """5,000 echoes over loopback."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while line := await reader.readline():
            writer.write(line)
            await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    for _ in range(5_000):
        writer.write(b"hello\n")
        await writer.drain()
        await reader.readline()
    writer.close()
    await writer.wait_closed()
    server.close()


async def calls() -> None:
    """3,000,000 plain calls in 3,000 turns."""

    def call(number: int) -> int:
        return number + 1

    for _ in range(3_000):
        for number in range(1_000):
            call(number)
        await asyncio.sleep(0)


async def locks() -> None:
    """300,000 free locks taken."""
    import threading

    lock = threading.Lock()
    for _ in range(300):
        for _ in range(1_000):
            with lock:
                pass
        await asyncio.sleep(0)


WORK: dict[str, Callable[[], Awaitable[None]]] = {work.__name__: work for work in (switches, echoes, calls, locks)}


def tool(name: str) -> Any:
    """The context manager of one variant."""
    if name == "redloop":
        from redloop.blocking import detect

        return detect()
    if name == "blockbuster":
        from blockbuster import blockbuster_ctx

        return blockbuster_ctx()
    if name == "pyleak":
        from pyleak import no_event_loop_blocking

        return no_event_loop_blocking(action="log")
    return nullcontext()


def measure(work: str, variant: str) -> float:
    """CPU seconds of one run in this process."""

    async def main() -> None:
        await asyncio.sleep(0)
        if variant == "pyleak":  # it is entered inside the loop
            async with tool(variant):
                await WORK[work]()
        else:
            await WORK[work]()

    with nullcontext() if variant == "pyleak" else tool(variant):
        asyncio.run(asyncio.sleep(0))  # what a tool does once in a process is not what it costs
        began = time.process_time()
        asyncio.run(main())
        return time.process_time() - began


def in_a_fresh_interpreter(*arguments: str) -> float:
    """CPU seconds that this file prints when it is run with these arguments."""
    environment = {**os.environ, **MALLOC, "PYTHONPATH": str(PLUGIN), "PYTHONHASHSEED": "0"}
    done = subprocess.run(
        [sys.executable, __file__, *arguments], capture_output=True, text=True, check=True, env=environment
    )
    return float(done.stdout)


def install_and_uninstall() -> float:
    """Seconds that a test pays: install, two runs of a loop, uninstall; less the runs themselves."""
    sys.path.insert(0, str(PLUGIN))
    from redloop.blocking import Detector, Scope

    loop, scope = asyncio.new_event_loop(), Scope()

    def pair(*, watched: bool) -> float:
        detector = Detector(scope=scope)
        began = time.thread_time()
        if watched:
            detector.install()
        for _ in range(2):
            loop.run_until_complete(asyncio.sleep(0))
        if watched:
            detector.uninstall()
        return time.thread_time() - began

    cost = statistics.median(pair(watched=True) - pair(watched=False) for _ in range(300))
    loop.close()
    return cost


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--one", nargs=2, metavar=("WORK", "VARIANT"), help="measure one, here")
    parser.add_argument("--rounds", type=int, default=7)
    options = parser.parse_args()
    if options.one:
        print(measure(*options.one))
        return
    variants = ["redloop", *(name for name in ("blockbuster", "pyleak") if importlib.util.find_spec(name))]
    version = sys.version.split()[0]
    print(f"Python {version}, {options.rounds} rounds: median of the ratios of CPU time to the run without any tool")
    print(f"{'work':<12}" + "".join(f"{name:>14}" for name in variants))
    for work in WORK:
        ratios: dict[str, list[float]] = {variant: [] for variant in variants}
        for _ in range(options.rounds):
            for variant in variants:
                ratios[variant].append(
                    in_a_fresh_interpreter("--one", work, variant) / in_a_fresh_interpreter("--one", work, "none")
                )
        print(
            f"{work:<12}" + "".join(f"{statistics.median(ratios[variant]):>14.3f}" for variant in variants), flush=True
        )
    print(f"install, two runs of a loop, uninstall: {install_and_uninstall() * 1e6:.0f} microseconds more than without")


if __name__ == "__main__":
    main()

# ruff: noqa: T201 - a command prints
"""What redloop costs beside its peers: `python tests/bench/blocking.py` prints the table. Nothing is asserted.

Each round runs every variant once, in a fresh interpreter each, between two runs without any tool; a ratio is to the
mean of these two, and the table has the median of the ratios, their quartiles, and the ratio of the shortest runs,
which a busy machine disturbs least. CPU time, not wall time, for the same reason. malloc is pinned, or the run without
any tool takes 20,000 page faults that the others do not.

The suites are two small libraries' own, from their source distributions, which are downloaded into a temporary folder
unless `--suite` names an unpacked one; what their tests need has to be installed beside redloop. Install blockbuster,
pyleak and aiocop there, too, to see them.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import shutil
import statistics
import subprocess
import sys
import time
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Iterator, Sequence

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


VARIANTS = ("redloop", "with timeline", "blockbuster", "pyleak", "aiocop")


@contextmanager
def tool(name: str) -> Iterator[None]:
    """Everything that one variant does round a run."""
    with ExitStack() as stack:
        if name in {"redloop", "with timeline"}:
            from redloop.blocking import detect

            stack.enter_context(detect())
        if name == "with timeline":
            from redloop.timeline import Recorder

            recorder = Recorder(lambda filename: filename == __file__)
            recorder.install()
            stack.callback(recorder.uninstall)
        if name == "blockbuster":
            from blockbuster import blockbuster_ctx

            stack.enter_context(blockbuster_ctx())
        if name == "aiocop":
            import aiocop

            aiocop.patch_audit_functions()
            aiocop.start_blocking_io_detection()
        yield


def is_installed(variant: str) -> bool:
    """Whether there is such a tool here."""
    return variant == "with timeline" or importlib.util.find_spec(variant) is not None


def measure(work: str, variant: str) -> float:
    """CPU seconds of one run in this process."""

    async def main() -> None:
        await asyncio.sleep(0)
        if variant == "pyleak":  # these two are entered inside the loop
            from pyleak import no_event_loop_blocking

            async with no_event_loop_blocking(action="log"):
                await WORK[work]()
            return
        if variant == "aiocop":
            import aiocop

            aiocop.detect_slow_tasks(threshold_ms=50)
            aiocop.activate()
        await WORK[work]()

    with tool(variant):
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
    return float(done.stdout.splitlines()[-1])


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


def suite_seconds(folder: Path, *options: str) -> float:
    """CPU seconds of pytest on a library's own tests, children included."""
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:randomly", *SUITE_RULES]
    before = os.times()
    subprocess.run([*command, *options, "tests"], cwd=folder, capture_output=True, check=False)
    after = os.times()
    return after.children_user + after.children_system - before.children_user - before.children_system


SUITE_RULES = ["-o", "addopts=", "-o", "asyncio_mode=auto", "-o", "asyncio_default_fixture_loop_scope=function"]
LIBRARIES = ("async-lru", "janus")


def unpacked(folder: Path) -> list[Path]:
    """Download the libraries' source distributions, and unpack them."""
    command = [sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "-d", str(folder)]
    subprocess.run([*command, *LIBRARIES], check=True)
    for archive in folder.glob("*.tar.gz"):
        shutil.unpack_archive(archive, folder, filter="data")
    return [path for path in sorted(folder.iterdir()) if path.is_dir()]


def load_seconds(folder: Path, *options: str) -> float:
    """Wall seconds of `pytest --collect-only -q` in an empty folder."""
    command = [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:cacheprovider", *options]
    began = time.perf_counter()
    subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return time.perf_counter() - began


def compare(variants: Sequence[str], run: Callable[[str], float], rounds: int) -> dict[str, str]:
    """For each variant: the median of its ratios to runs without any tool, their quartiles, that of the shortest."""
    ratios: dict[str, list[float]] = {variant: [] for variant in variants}
    taken: dict[str, list[float]] = {variant: [] for variant in ("none", *variants)}
    for _ in range(rounds):
        before = run("none")
        for variant in variants:
            during, after = run(variant), run("none")
            ratios[variant].append(2 * during / (before + after))
            taken[variant].append(during)
            taken["none"] += (before, after)
            before = after
    cells = {}
    for variant in variants:
        low, median, high = statistics.quantiles(ratios[variant], n=4)
        cells[variant] = f"{median:.2f} ({low:.2f} to {high:.2f}) {min(taken[variant]) / min(taken['none']):.2f}"
    return cells


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--one", nargs=2, metavar=("WORK", "VARIANT"), help="measure one, here")
    parser.add_argument("--rounds", type=int, default=5, help="2 or more")
    parser.add_argument("--suite", type=Path, action="append", help="an unpacked source distribution, with its tests/")
    options = parser.parse_args()
    if options.one:
        print(measure(*options.one))
        return
    rounds = max(2, options.rounds)
    present = [variant for variant in VARIANTS if is_installed(variant)]
    load = f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors"
    print(f"Python {sys.version.split()[0]}, {rounds} rounds, {load}")
    print("CPU time, ratio to the run without: median (quartiles) shortest runs")
    print(f"{'':<12}" + "".join(f"{variant:>27}" for variant in VARIANTS))

    def show(what: str, cells: dict[str, str], absent: str = "not installed") -> None:
        print(f"{what:<12}" + "".join(f"{cells.get(variant, absent):>27}" for variant in VARIANTS), flush=True)

    for work in WORK:
        show(work, compare(present, lambda variant, work=work: in_a_fresh_interpreter("--one", work, variant), rounds))  # type: ignore[misc]
    with TemporaryDirectory() as name:
        for folder in options.suite or unpacked(Path(name)):
            switches: dict[str, list[str]] = {
                "none": ["-p", "no:redloop"],
                "redloop": ["--redloop-timeline=never"],
                "with timeline": [],
            }
            two = ["redloop", "with timeline"]
            cells = compare(two, lambda variant, of=folder, how=switches: suite_seconds(of, *how[variant]), rounds)  # type: ignore[misc]
            show(folder.name[:11], cells, absent="no plugin")
    with TemporaryDirectory() as name:
        pairs = [(load_seconds(Path(name)), load_seconds(Path(name), "-p", "no:redloop")) for _ in range(3 * rounds)]
    extra = statistics.median(loaded - plain for loaded, plain in pairs)
    print(f"pytest --collect-only in an empty folder: {extra * 1e3:.0f} ms more than without")
    print(f"install, two runs of a loop, uninstall: {install_and_uninstall() * 1e6:.0f} microseconds more than without")


if __name__ == "__main__":
    main()

# ruff: noqa: T201 - a command prints
"""Run the corpus and print the table, a family a line.

Each case runs in a fresh interpreter, unless `--batch`: then all run in one. `--load` keeps as many processes busy.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import subprocess
import sys
import time
import traceback
from collections import Counter, defaultdict
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "plugin")]

import blocking_cases  # noqa: E402, F401 - fills CASES
import clean_cases  # noqa: E402, F401
import harmless_cases  # noqa: E402, F401
import language_cases  # noqa: E402, F401
import late_cases  # noqa: E402, F401
import library_cases  # noqa: E402, F401
import process_cases  # noqa: E402, F401
import spellings  # noqa: E402, F401
import stored_cases  # noqa: E402, F401
from cases import CASES  # noqa: E402

from redloop.blocking import Detector, Scope, roots_of  # noqa: E402

Result = dict[str, Any]


def run_here(name: str) -> Result:
    """Run one case in this process, and judge what the detector says of it."""
    case = CASES[name]
    error, computed = "", 0.0

    async def main() -> None:
        nonlocal computed
        began = time.process_time()
        await case.run()
        computed = time.process_time() - began

    loop_factory()  # imports it
    case.run.__globals__.update({name.partition(".")[0]: __import__(name) for name in case.imports})  # type: ignore[attr-defined]
    detector = Detector(scope=Scope(roots_of((), os.getcwd()), level="all"))  # as `redloop.detect()` has it
    calls = detector.calls
    detector.install()
    try:
        with asyncio.Runner(loop_factory=loop_factory()) as runner:
            runner.run(main())
    except Exception:  # noqa: BLE001 - a broken case is a finding too
        error = traceback.format_exc()
    finally:
        detector.uninstall()
    if case.kind == "call":
        found = [call for call in calls if call.call == case.call or (call.call and not case.call)]
    else:
        found = [call for call in calls if call.seconds >= 0.05]
    on_line = [call for call in found if call.lineno in case.lines]
    by_name = {call.lineno for call in found if call.call and call.kind == "call"}
    expected = computed if case.kind == "cpu" else case.seconds
    measured = max((call.seconds for call in on_line or found), default=0.0)
    return {
        "name": name,
        "family": case.family,
        "kind": case.kind,
        "seen": bool(found),
        "unsure": bool(detector.unsure),
        "line": bool(on_line),
        "named": any(call.call == case.call for call in found) if case.call else bool(found),
        "seconds": not expected or abs(measured - expected) <= 0.25 * expected,
        "twice": any(call.lineno in by_name for call in found if call.kind == "stall"),
        "expected": f"{case.call} {sorted(case.lines)} {expected:.3f}",
        "calls": [f"{c.kind} {c.call} {Path(c.filename).name}:{c.lineno} {c.seconds:.3f}" for c in calls],
        "false": bool(calls) if case.kind == "clean" else False,
        "error": error,
    }


def loop_factory() -> Any:
    """What makes the loop: uvloop's where the environment asks for it."""
    if not os.environ.get("CORPUS_UVLOOP"):
        return None
    import uvloop

    return uvloop.new_event_loop


def run_fresh(name: str) -> Result:
    """Run one case in an interpreter of its own."""
    command = [sys.executable, __file__, "--one", name]
    done = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    try:
        result: Result = json.loads(done.stdout.splitlines()[-1])
    except (IndexError, ValueError):
        return {"name": name, "family": CASES[name].family, "kind": CASES[name].kind, "error": done.stderr[-2000:]}
    return result


def wrong(result: Result) -> bool:
    """Whether a result is not what it must be."""
    if result["error"] or result["kind"] == "clean":
        return bool(result["error"] or result["false"])
    return result["twice"] or not all(result[what] for what in ("seen", "line", "named", "seconds"))


def table(results: list[Result]) -> str:
    """The results, a family a line: of what must be found, how much was; of what must not, how much was."""
    families: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for result in results:
        for family in (result["family"], "all"):
            row = families[family]
            false = int(result.get("false") or result.get("twice") or False)
            row.update({"cases": 1, "broken": int(bool(result["error"])), "false": false})
            row[result["kind"]] += 1
            row.update(
                {f"{result['kind']} {what}": bool(result.get(what)) for what in ("seen", "line", "named", "seconds")}
            )
    columns = {
        "stalls": ("seen", "stall", "cpu"), "calls": ("seen", "call"), "line": ("line", "stall", "cpu", "call"),
        "named": ("named", "stall", "call"), "seconds": ("seconds", "stall", "cpu"),
    }  # fmt: skip
    lines = [f"{'family':<14}{'cases':>7}" + "".join(f"{name:>10}" for name in (*columns, "false", "broken"))]
    for family, row in sorted(families.items(), key=lambda pair: (pair[0] == "all", pair[0])):
        cells = [
            f"{sum(row[f'{kind} {what}'] for kind in kinds)}/{sum(row[kind] for kind in kinds)}"
            for what, *kinds in columns.values()
        ]
        cells += [f"{row['false']}/{row['clean']}", str(row["broken"])]
        lines.append(f"{family:<14}{row['cases']:>7}" + "".join(f"{cell:>10}" for cell in cells))
    return "\n".join(lines)


def main() -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help="parts of the names of the cases to run")
    parser.add_argument("--one", action="store_true", help="run one case here, print JSON")
    parser.add_argument("--batch", action="store_true", help="run all in this process")
    parser.add_argument("--load", type=int, default=0, help="how many processes keep the machine busy")
    parser.add_argument("--json", action="store_true", help="print the results as JSON, on one line")
    parser.add_argument("--uvloop", action="store_true", help="on uvloop's loop")
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--part", type=int, nargs=2, metavar=("K", "N"), help="the K-th of N parts alone, from 0 on")
    options = parser.parse_args()
    if options.one:
        print(json.dumps(run_here(options.names[0])))
        return 0
    chosen = [name for name in CASES if not options.names or any(part in name for part in options.names)]
    if options.part:
        chosen = chosen[options.part[0] :: options.part[1]]
    load = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(options.load)]
    try:
        if options.uvloop:
            os.environ["CORPUS_UVLOOP"] = "1"
        with ThreadPoolExecutor(options.jobs) as pool:
            results = list(map(run_here, chosen)) if options.batch else list(pool.map(run_fresh, chosen))
    finally:
        for process in load:
            process.kill()
            process.wait()
    if options.json:
        print(json.dumps(results))
        return 0
    for result in filter(wrong, results):
        print(result["name"], *(f"{key}={value}" for key, value in result.items() if key not in {"name", "family"}))
    print(f"\nPython {sys.version.split()[0]}, {len(results)} cases, load {options.load}\n{table(results)}")
    return int(any(map(wrong, results)))


if __name__ == "__main__":
    sys.exit(main())

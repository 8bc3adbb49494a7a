"""The same schedule, again and again: `python tests/corpus_schedules/again.py [TIMES [PROGRAM …]]` (200, all).

Each failing schedule of the corpus is replayed that often, spread over ten new processes with a hash seed each. An
outcome is the story, with who ran what and how it ended; addresses aside, there has to be one for each program.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

if __name__ == "__main__" and __package__ in {None, ""}:
    sys.path[0] = str(Path(__file__).parents[1])

from corpus_schedules.__main__ import KINDS, LATENESS, programs
from redloop import explore, replay

PROCESSES = 10
RACES = {program.__name__: program for kind in KINDS if kind != "correct" for program in programs(kind)}


def outcomes(tokens: dict[str, str], times: int) -> dict[str, Counter[str]]:
    """How often each program came to which end, by name, in this process."""
    return {
        name: Counter(re.sub("0x[0-9a-f]+", "0x", replay(RACES[name], token).story) for _ in range(times))
        for name, token in tokens.items()
    }


def main() -> None:
    """Print which programs have more than one outcome."""
    times = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    chosen = sys.argv[2:] or list(RACES)
    late = {program.__name__ for program in programs("timers")}
    tokens = {name: explore(RACES[name], lateness=LATENESS if name in late else 0.0).token for name in chosen}
    seen = {name: Counter[str]() for name in chosen}
    for seed in range(PROCESSES):
        told = subprocess.run(
            [sys.executable, __file__, "--child", str(times // PROCESSES)],
            env={**os.environ, "PYTHONHASHSEED": str(seed)},
            input=json.dumps(tokens),
            capture_output=True,
            text=True,
            check=True,
        )
        for name, counted in json.loads(told.stdout).items():
            seen[name].update(counted)
    for name, counted in seen.items():
        if len(counted) > 1:
            print(f"! {name}: {len(counted)} outcomes, {' + '.join(map(str, counted.values()))} times")  # noqa: T201
    same = sum(len(counted) == 1 for counted in seen.values())
    print(f"{same} of {len(seen)} programs did the same {times} times out of {times}")  # noqa: T201


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        json.dump(outcomes(json.load(sys.stdin), int(sys.argv[2])), sys.stdout)
    else:
        main()

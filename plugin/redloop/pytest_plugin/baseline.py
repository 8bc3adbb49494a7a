"""A file of the blocking calls that a suite has for now: these are not reported, and whatever comes on top is.

An entry is a path, a function and a call, never a line, and how often that happened in one test at most: a number that
is the same whichever tests run, in whatever order and on however many workers. How many steps of a function are stalls
is not, since that is up to the machine; so an entry for stalls has no number, and covers all of them.
"""

from __future__ import annotations

import json
import os
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import pytest

from redloop.blocking import STALL
from redloop.pytest_plugin import options
from redloop.whose import installed_as

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from redloop.record import BlockingCall, Unsure
    from redloop.report.terminal import Beyond

VERSION = 1


class Key(NamedTuple):
    """What an entry is about. `path` is relative to rootdir, or the folder that packages are installed in."""

    path: str
    function: str
    call: str


@dataclass(frozen=True, slots=True)
class Entry:
    """`count`: the most of them in one test (0: any number). `tests`: where they were seen."""

    count: int
    tests: frozenset[str] = frozenset()


class Baseline:
    """The entries of one file, and, where it is to be updated, what the tests of this run have shown.

    It is registered as a plugin: reports bring in what xdist's workers have seen.
    """

    def __init__(self, file: str, root: str, *, updating: bool, source: str = "--redloop-baseline") -> None:
        """`source` is where the file is named, to be said of one that cannot be used."""
        self.file, self.updating = file, updating
        self._root = root
        self.entries: dict[Key, Entry] = _read(file, source) if not updating or os.path.exists(file) else {}
        self._seen: dict[str, Counter[Key]] = {}
        folder = os.path.dirname(os.path.realpath(file))
        if updating and not (os.access(folder, os.W_OK) and (not os.path.exists(file) or os.access(file, os.W_OK))):
            raise pytest.UsageError(f"--redloop-baseline-update: {file} cannot be written")

    @classmethod
    def of_config(cls, config: pytest.Config) -> Self:
        """The baseline that was asked for. Raises `pytest.UsageError` where it cannot be had."""
        file = options.path(config, "baseline")
        if file is None:
            raise pytest.UsageError("--redloop-baseline-update updates the file of --redloop-baseline=FILE: name one")
        updating, source = config.getoption("redloop_baseline_update"), options.source(config, "baseline")
        return cls(file, str(config.rootpath), updating=updating, source=source)

    # -- in the process that runs the tests

    def beyond(self, calls: Sequence[BlockingCall], before: Counter[Key]) -> tuple[tuple[BlockingCall, ...], Beyond]:
        """Those of one phase's calls that are reported, and how many more than the file has they are.

        `before` counts the calls of the test's earlier phases, and is brought up to date. All the phase's calls of a
        key that exceeds its count are reported: without lines, nobody knows which of them are the new ones.
        """
        if self.updating:
            return (), {}
        for call in calls:
            before[self.key(call)] += call.count
        new = [(call, self.key(call)) for call in calls if not self._covers(self.key(call), before)]
        known = [(call, self.entries[key].count, before[key]) for call, key in new if key in self.entries]
        return (
            tuple(call for call, _ in new),
            {(call.filename, call.function, call.call): (seen - count, count) for call, count, seen in known},
        )

    def seen(self, calls: Sequence[BlockingCall]) -> list[list[Any]]:
        """One phase's calls as they travel with its report: path, function, call, and how many (0 for stalls)."""
        counts: Counter[tuple[Key, str]] = Counter()
        for call in calls:
            counts[self.key(call), call.kind] += call.count
        return [[*key, 0 if kind == "stall" else count] for (key, kind), count in counts.items()]

    def _covers(self, key: Key, counts: Counter[Key]) -> bool:
        entry = self.entries.get(key)
        return entry is not None and (not entry.count or counts[key] <= entry.count)

    def has_stalls(self, step: Unsure) -> bool:
        """Whether stalls of this function are known."""
        return Key(self._path(step.filename), step.function, STALL) in self.entries

    def key(self, call: BlockingCall) -> Key:
        """The key of one blocking call."""
        return Key(self._path(call.filename), call.function, call.call or STALL)

    def _path(self, filename: str) -> str:
        path = installed_as(filename) or filename
        return (os.path.relpath(path, self._root) if os.path.isabs(path) else path).replace(os.sep, "/")

    # -- in the one process that writes

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take in what one phase of a test has shown."""
        seen = getattr(report, "redloop", {}).get("seen")
        if seen is not None:
            if report.when == "setup":
                self._seen[report.nodeid] = Counter()  # it may be run again
            self._seen[report.nodeid].update({Key(*key): count for *key, count in seen})

    def updated(self, ended: Collection[str], *, is_whole: bool) -> dict[Key, Entry]:
        """The entries as they should be now.

        What was seen is added. Of what was not, only the tests in `ended` prove that it is gone: an entry goes with its
        last test, and its count goes down when all of them have ended. A run of the whole suite proves, too, that a
        test which it did not have does not exist.
        """
        shown: dict[Key, dict[str, int]] = {}
        for nodeid, counts in self._seen.items():
            for key, count in counts.items():
                shown.setdefault(key, {})[nodeid] = count
        entries = {}
        for key in {*self.entries, *shown}:
            old, now = self.entries.get(key), shown.get(key, {})
            unsure = {nodeid for nodeid in old.tests if nodeid not in ended} if old else set()
            if is_whole:
                unsure &= self._seen.keys()
            keeps = bool(old and (unsure or not (old.tests or is_whole)))
            if old and keeps:
                count = max(old.count, *now.values()) if now and old.count else old.count
                entries[key] = Entry(count, frozenset({*unsure, *now}))
            elif now:
                entries[key] = Entry(0 if old and not old.count else max(now.values()), frozenset(now))
        return entries

    def write(self, entries: dict[Key, Entry]) -> str:
        """Write the entries, all or nothing, and say in one line what has changed. Raises OSError."""
        old, name = self.entries, os.path.basename(self.file)
        changes = {
            "added": len(entries.keys() - old.keys()),
            "changed": sum(entries[key].count != old[key].count for key in entries.keys() & old.keys()),
            "pruned": len(old.keys() - entries.keys()),
        }
        if entries != old or not os.path.exists(self.file):
            target = os.path.realpath(self.file)
            draft = f"{target}.{os.getpid()}.new"
            try:
                with open(draft, "x", encoding="utf-8", newline="\n") as file:
                    file.write(_text(entries))
                os.replace(draft, target)
            finally:
                if os.path.exists(draft):
                    os.remove(draft)
        said = ", ".join(f"{count} {what}" for what, count in changes.items() if count)
        return f"{name} has {len(entries)} {'entry' if len(entries) == 1 else 'entries'}: {said or 'nothing new'}"


def _text(entries: Mapping[Key, Entry]) -> str:
    """One entry a line, and one test a line below it: what changes is what a diff shows."""
    lines = []
    for key, entry in sorted(entries.items()):
        head = json.dumps({**key._asdict(), **({"count": entry.count} if entry.count else {})}, ensure_ascii=False)
        tests = ",\n".join(f"   {json.dumps(test, ensure_ascii=False)}" for test in sorted(entry.tests))
        lines.append(f'  {head[:-1]}, "tests": [\n{tests}\n  ]}}' if tests else f"  {head}")
    calls = ",".join(f"\n{line}" for line in lines)
    return f'{{\n "version": {VERSION},\n "calls": [{calls}\n ]\n}}\n'


def _read(file: str, source: str) -> dict[Key, Entry]:
    try:
        with open(file, encoding="utf-8") as text:
            data = json.load(text)
        if not isinstance(data, dict) or not isinstance(data.get("version"), int):
            raise ValueError("it has no version")  # noqa: TRY004, TRY301 - the same to its reader as broken JSON
        if data["version"] <= VERSION:
            return dict(map(_entry, data["calls"]))
    except FileNotFoundError:
        raise pytest.UsageError(
            f"{source}: there is no {file}; --redloop-baseline-update makes it from the calls of a run"
        ) from None
    except OSError as error:
        raise pytest.UsageError(f"{source}: cannot read {file}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError) as error:
        why = f"it has no {error}" if isinstance(error, KeyError) else error
        raise pytest.UsageError(f"{source}: {file} is broken, and was not touched: {why}") from None
    raise pytest.UsageError(
        f"{source}: {file} is of version {data['version']}, and this redloop reads {VERSION}: update redloop"
    )


def _entry(data: Any) -> tuple[Key, Entry]:
    key = Key(data["path"], data["function"], data["call"])
    count, tests = data.get("count", 0), data.get("tests", [])
    if not all(isinstance(text, str) for text in (*key, *tests)) or not isinstance(count, int) or count < 0:
        raise ValueError(f"this is no entry: {json.dumps(data)}")
    return key, Entry(count, frozenset(tests))

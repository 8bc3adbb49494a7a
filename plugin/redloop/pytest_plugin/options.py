"""The plugin's options, ini keys and marker: one table, read by everything that registers or resolves them."""

from __future__ import annotations

import dataclasses
import difflib
import os
from dataclasses import dataclass
from typing import Any, Literal

import pytest


@dataclass(frozen=True, slots=True)
class Setting:
    """One thing that can be set: by `--redloop-NAME`, by the ini key `redloop_NAME`, and maybe by the marker.

    pytest prints its `help` alone, so that no text may lean on another one.
    """

    name: str
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    marker: bool = True
    metavar: str | None = None
    option: bool = True


SETTINGS = (
    Setting(
        "blocking", "warn", "calls that block the event loop: report them, or fail the test", ("off", "warn", "error")
    ),
    Setting(
        "threshold",
        0.05,
        "a step of the event loop that lasts so many seconds is a stall (default: 0.05)",
        metavar="SECONDS",
    ),
    Setting(
        "calls",
        "code",
        "whose short blocking calls are reported: the suite's own code (default), its tests too, or all packages",
        ("off", "code", "tests", "all"),
    ),
    Setting("clock", "real", "the event loop's clock; a virtual one jumps over waits", ("real", "virtual")),
    Setting(
        "leaks",
        "warn",
        "tasks left running and coroutines never awaited: report them, or fail the test",
        ("off", "warn", "error"),
    ),
    Setting(
        "timeline",
        "failed",
        "draw who ran and who waited: below tests that failed (default), below all, or record nothing",
        ("never", "failed", "all"),
        marker=False,
    ),
    Setting("html", None, "write every test's timeline, as one page, to FILE", marker=False, metavar="FILE"),
    Setting(
        "trace",
        None,
        "write every test's timeline, as a trace that Perfetto opens, to FILE",
        marker=False,
        metavar="FILE",
    ),
    Setting("schedules", 0, "run the test in up to N orders of its tasks", option=False),
    Setting("lateness", 0.0, "with schedules=N, the loop may be so many seconds late at a timer in each", option=False),
    Setting(
        "margin", 0.0, "the test has to hold on a loop that is up to so many seconds late at a timer", option=False
    ),
    Setting("replay", None, "run the test that printed TOKEN in that one schedule only", marker=False, metavar="TOKEN"),
    Setting("baseline", None, "do not report the blocking calls that FILE lists", marker=False, metavar="FILE"),
    Setting("json", None, "write what was measured, as JSON, to FILE", marker=False, metavar="FILE"),
)
BY_NAME = {setting.name: setting for setting in SETTINGS}
FILES = ("html", "trace", "json")
"""What is written at the end."""
LISTS = {
    "allow": "what may block, one `call` or `module:call` a line, such as time.sleep or shop.stock:open; `stall` is a "
    "step that was too long without such a call",
    "source": "the suite's own code, one path (from rootdir) or package a line; without it, all that is below rootdir "
    "but for virtual environments, and the installed distribution of the project in its pyproject.toml",
}
"""Ini keys with a value a line, and no option: what is so for a whole suite."""
MARKER_NAMES = (*(setting.name for setting in SETTINGS if setting.marker), "allow")
MARKER = (
    "redloop(blocking=…, threshold=…, calls=…, clock=…, leaks=…, allow=[…], schedules=N, lateness=…, margin=…): "
    "how redloop watches this test; `pytest --help` has the values of those that are options, too; "
    "allow: what may block, such as 'time.sleep'; "
) + "; ".join(f"{setting.name}: {setting.help}" for setting in SETTINGS if not setting.option)


@dataclass(frozen=True, slots=True)
class Settings:
    """What holds for one test. `clock_by_marker` tells a wish ("where it can be") from a demand."""

    blocking: Literal["off", "warn", "error"]
    threshold: float
    calls: Literal["off", "code", "tests", "all"]
    clock: Literal["real", "virtual"]
    leaks: Literal["off", "warn", "error"]
    timeline: Literal["never", "failed", "all"]
    schedules: int
    lateness: float
    margin: float
    allow: tuple[str, ...] = ()
    clock_by_marker: bool = False


def register(parser: pytest.Parser) -> None:
    """Add the options and ini keys to pytest's parser."""
    group = parser.getgroup("redloop", "redloop: the event loop's time, and who blocks it")
    for setting in SETTINGS:
        if not setting.option:
            continue
        group.addoption(
            f"--redloop-{setting.name}",
            dest=f"redloop_{setting.name}",
            default=None,
            choices=setting.choices or None,
            metavar=setting.metavar,
            help=setting.help,
        )
        # The number in a pytest.toml is one, elsewhere it is text. Before 9.2 pytest takes but one kind for a key.
        kind: dict[str, Any] = {}
        if isinstance(setting.default, float) and pytest.version_tuple >= (9, 2):
            kind["type"] = str | float
        parser.addini(f"redloop_{setting.name}", f"the same as --redloop-{setting.name}", default=None, **kind)
    group.addoption(
        "--redloop-baseline-update",
        action="store_true",
        help="with --redloop-baseline: add this run's blocking calls to that file, and remove what is gone from tests "
        "that ran to their end",
    )
    for name, text in LISTS.items():
        parser.addini(f"redloop_{name}", text, type="linelist", default=[])


def of_config(config: pytest.Config) -> Settings:
    """The settings of the command line and the ini file. Raises `pytest.UsageError` for a value that cannot be."""
    values: dict[str, Any] = {}
    for setting in SETTINGS:
        if setting.metavar in {"FILE", "TOKEN"}:
            if config.getoption(f"redloop_{setting.name}") == "":
                raise pytest.UsageError(
                    f"--redloop-{setting.name}: '' is no {setting.metavar}: give one, or leave the option out"
                )
            continue
        if not setting.option:
            values[setting.name] = setting.default
            continue
        option = config.getoption(f"redloop_{setting.name}")
        if option is None:
            option = config.getini(f"redloop_{setting.name}")
            option = None if option == "" else option
        where = source(config, setting.name)
        values[setting.name] = setting.default if option is None else _checked(setting, option, where)
    return Settings(**values, allow=_names(config.getini("redloop_allow"), "redloop_allow in the ini file"))


def target(config: pytest.Config, name: str) -> str | None:
    """The text that `--redloop-NAME` or the ini key gives, if one does."""
    return config.getoption(f"redloop_{name}") or config.getini(f"redloop_{name}") or None


def path(config: pytest.Config, name: str) -> str | None:
    """Where that file is, if one is named: wherever a test may have gone meanwhile.

    The option names it from where pytest is run, as pytest's own options do, and the ini key from rootdir.
    """
    text, given = target(config, name), config.getoption(f"redloop_{name}")
    return text and os.path.join(config.invocation_params.dir if given else config.rootpath, text)


def source(config: pytest.Config, name: str) -> str:
    """What to call the place that a setting's value comes from."""
    given = config.getoption(f"redloop_{name}") is not None
    return f"--redloop-{name}" if given else f"redloop_{name} in the ini file"


def wants_baseline(config: pytest.Config) -> bool:
    """Whether there is a file of known calls, or there should be."""
    return bool(target(config, "baseline") or config.getoption("redloop_baseline_update"))


def of_item(item: pytest.Item, base: Settings) -> Settings:
    """The settings of one test: its markers over `base`, the closest one last; what they allow is added up.

    Raises `pytest.UsageError` for a marker with an unknown keyword or value.
    """
    changes: dict[str, Any] = {}
    for node, marker in reversed(list(item.iter_markers_with_node("redloop"))):
        where = f"{node.nodeid}: @pytest.mark.redloop"
        if marker.args:
            raise pytest.UsageError(f"{where} takes keywords only, such as blocking='error', not {marker.args[0]!r}")
        for name, value in marker.kwargs.items():
            if name not in MARKER_NAMES:
                raise pytest.UsageError(
                    f"{where} has no keyword {name!r}{_nearest(name, MARKER_NAMES)} (it has {', '.join(MARKER_NAMES)})"
                )
            if name == "allow":
                changes[name] = changes.get(name, base.allow) + _names(value, f"{where}(allow=…)")
            else:
                changes[name] = _checked(BY_NAME[name], value, f"{where}({name}=…)")
    if not changes:
        return base
    if "schedules" in changes or "margin" in changes:
        if changes.setdefault("clock", "virtual") == "real":
            raise pytest.UsageError(f"{where}: schedules= and margin= run on virtual time; leave clock='real' out")
    elif "lateness" in changes:
        raise pytest.UsageError(f"{where}(lateness=…) says how schedules= explores: add schedules=N")
    return dataclasses.replace(base, clock_by_marker="clock" in changes, **changes)


def _names(value: Any, where: str) -> tuple[str, ...]:
    if not isinstance(value, list | tuple | set | frozenset) or not all(isinstance(name, str) for name in value):
        raise pytest.UsageError(f"{where}: {value!r} is no list of names, such as ['time.sleep']")
    if value:
        from redloop.blocking import objection

        for name in value:
            if (why := objection(name)) is not None:
                raise pytest.UsageError(f"{where}: {why}")
    return tuple(value)


def without_virtual_clock(settings: Settings) -> Settings:
    """The same settings on the real clock, for a test that an ini file or option cannot give the virtual one."""
    return dataclasses.replace(settings, clock="real")


def _checked(setting: Setting, value: Any, source: str) -> Any:
    if setting.choices and value not in setting.choices:
        choices = ", ".join(setting.choices)
        raise pytest.UsageError(f"{source}: {value!r} is none of {choices}{_nearest(str(value), setting.choices)}")
    if isinstance(setting.default, int):
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            raise pytest.UsageError(f"{source}: {value!r} is no number of schedules from 1")
        return value
    if isinstance(setting.default, float):
        try:
            seconds = -1.0 if isinstance(value, bool) else float(value)
        except (TypeError, ValueError, OverflowError):
            seconds = -1.0
        is_off = seconds == 0 and setting.default == 0  # for one test of a module, say
        if not (is_off or 0 < seconds < float("inf")):
            raise pytest.UsageError(
                f"{source}: {value!r} is no number of seconds above 0, such as {setting.default or 0.05}"
            )
        return seconds
    return value


def _nearest(name: str, names: tuple[str, ...]) -> str:
    close = difflib.get_close_matches(name, names, n=1)
    return f"; did you mean {close[0]!r}?" if close else ""

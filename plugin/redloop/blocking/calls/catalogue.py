"""What blocks, and what to write instead.

Only modules that are loaded are looked at: what is not imported cannot be called. A target that this Python or this
machine does not have is passed over.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from redloop.blocking.calls import harmless
from redloop.blocking.calls.families import FAMILIES
from redloop.modules import is_module

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@dataclass(frozen=True, slots=True)
class Entry:
    """One callable that blocks: its name as a person writes it, and the cure.

    `harmless`, given the call's arguments, says whether this one returns at once. `target` is where it lives.
    """

    call: str
    instead: str
    target: str
    harmless: Callable[..., bool] | None = None
    mutex: bool = False
    flushes: bool = False  # it may write what is in a file's buffer: reported when it does

    @property
    def module(self) -> str:
        """The module that must be loaded for there to be such a call."""
        return self.target.partition(":")[0]


def _entries() -> Iterator[Entry]:
    for family in FAMILIES:
        for written in family.targets.split():
            target, _, call = written.partition("=")
            call = call or target.replace(":", ".").removeprefix("builtins.")
            name = call.rpartition(".")[2]
            instead = (
                family.instead.replace("{call}", call).replace("{name}", name).replace("{loop_name}", "sock_" + name)
            )
            yield Entry(call, instead, target, family.harmless, family.mutex, family.flushes)


_ALL = tuple(_entries())
SLEEP = next(entry for entry in _ALL if entry.call == "time.sleep")
IMPORT = next(entry for entry in _ALL if entry.call == "import")
RAW_WRITE = next(entry for entry in _ALL if entry.target == "io:FileIO.write")


OF_THE_LOOP = {f"socket.{name}" for name in ["recv", "recvfrom", "recvmsg", "send", "sendmsg", "sendto"]}
"""What the loop itself calls, on sockets that never wait. None takes an argument by name, and each at least one."""

ENDS_A_POOL = {"concurrent.futures.Executor.__exit__", "concurrent.futures.ThreadPoolExecutor.shutdown"}
"""What waits for threads, and for next to nothing where these have nothing to do: asyncio's documentation has one."""

NEEDED_ONCE = {IMPORT.call, *(entry.call for entry in _ALL if entry.harmless is harmless.only_given_certificates)}
"""What need not be done again: that holds whoever does it."""

WARNS = {"open", "os.fork", "os.forkpty"}
"""What warns, from C, and names the line of the innermost frame."""


def entries() -> tuple[Entry, ...]:
    """All that the table has, callable by callable."""
    return _ALL


def find(entry: Entry, modules: dict[str, Any]) -> tuple[Any, str, Any] | None:
    """Return `(owner, name, callable)` of an entry, or None where its module is not loaded or does not have it."""
    target = entry.target
    module_name, _, qualname = target.partition(":")
    owner: Any = modules.get(module_name)
    *path, name = qualname.split(".")
    if not is_module(owner):
        return None
    for part in path:
        owner = getattr(owner, part, None)
        if part == "poll" and owner is not None:  # select.poll is a function; its objects have a class without a name
            owner = type(owner())
    for home in owner.__mro__ if isinstance(owner, type) else (owner,):
        if home is not None and name in vars(home):
            return home, name, vars(home)[name]
    return None

"""Where the catalogue's callables stand, and what is put in their place while a loop runs.

A module is looked through once: when a loop starts, or when something was imported while one runs, on whatever thread.
"""

from __future__ import annotations

import inspect
import sys
import threading
import time
from collections import defaultdict
from types import FunctionType, MethodType
from typing import TYPE_CHECKING, Any

from redloop.blocking.calls import catalogue
from redloop.blocking.calls.semaphores import renew_semaphores
from redloop.blocking.calls.tools import Tools, gone_round, leave
from redloop.modules import globals_of, is_lazy
from redloop.patching import Plan, may_be_touched, newest_module
from redloop.stored import stored_in
from redloop.whose import is_users

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import BuiltinMethodType, ModuleType

    from redloop.blocking.calls.catalogue import Entry

_CLOCK = "redloop.clock.sleep"
_SLEEP = inspect.unwrap(time.sleep)
# Hooks that print a traceback from C, and read its lines through what stands in for `open` and `readline`.
_HOOKS: tuple[tuple[Any, str, Any], ...] = (
    (sys, "excepthook", sys.__excepthook__),
    (sys, "unraisablehook", sys.__unraisablehook__),
    (threading, "excepthook", threading.__excepthook__),
)
_KEEP_SOME = frozenset({"glob", "sched"})  # modules of the library that have stored callables of the catalogue
_ENTRIES: defaultdict[str, list[Entry]] = defaultdict(list)  # by their module
for _entry in catalogue.entries():
    _ENTRIES[_entry.module].append(_entry)


class Replacements:
    """`watch()` puts wrappers in the place of the catalogue's callables, `release()` takes them back.

    `time.sleep` is watched only while a loop runs (`pause()` ends that): the virtual clock replaces it too, each time
    that its loop runs, and must find the original then; ours goes round the clock's.
    """

    def __init__(self, wrap: Callable[[Entry, Any, Any], Any], pass_over: Callable[[Any], Any]) -> None:
        """`wrap(entry, owner, original)` makes what stands in for a callable.

        `pass_over(original)`, what stands in for one that calls the catalogue's by itself, and has nobody to blame.
        """
        self._wrap, self._pass_over = wrap, pass_over
        self._plan, self._sleep_plan = Plan(), Plan()
        self._tools = Tools(wrap)
        self._round: list[Any] = []  # other tools' functions
        self._round_sleep: list[Any] = []
        self._wrappers: dict[int, Any] = {}  # by the id of the original
        self._originals: dict[int, Any] = {}  # by the id of an original, and by that of its wrapper
        self._methods: dict[tuple[int, str], Any] = {}  # the wrappers of methods, by the class's id and the name
        self._sleeps: list[Any] = []  # the builtin and the virtual clock's
        self._modules: dict[str, int] = {}  # those that were looked through, by identity
        self._stood_in_for: list[Entry] = []  # where a test had put something of its own when they were looked for
        self._newest = 0, 0

    def watch(self) -> None:
        """Replace what is not replaced yet. Cheap when nothing was imported since."""
        is_new = self._newest != newest_module()
        if self._stood_in_for and any(map(_is_back, self._stood_in_for)):
            is_new, self._modules, self._stood_in_for = True, {}, []
        if is_new:
            self._look_through()
        if not self._sleep_plan.applied:
            self._sleep_plan.apply()
            self._round_sleep = self._tools.go_round(self._sleep_plan.missed)
        if not self._plan.applied:
            self._plan.apply()
            self._round = self._tools.go_round(self._plan.missed)
            renew_semaphores()
        elif is_new:
            renew_semaphores()

    def misses_a_module(self) -> bool:
        """Whether a loop runs, and something was imported since it was last looked."""
        return self._sleep_plan.applied and self._newest != newest_module()

    def pause(self) -> None:
        """Put `time.sleep` back, as it was when the loop started."""
        leave(self._round_sleep)
        self._sleep_plan.undo()

    def release(self) -> None:
        """Put every original back, also in modules that were imported meanwhile and took a replacement for it."""
        if not self._plan.applied:  # no loop has run: nobody can have taken anything of ours
            return
        self.pause()
        leave(self._round)
        self._plan.undo()
        renew_semaphores()
        if self._newest != newest_module():
            for name, module in self._new_modules().items():
                if may_be_touched(name, module):
                    for key, one in list(globals_of(module).items()):
                        globals_of(module)[key] = self._originals.get(id(one), one)

    def _look_through(self) -> None:
        """Find the catalogue's callables in the modules that were not looked through yet: it takes milliseconds."""
        newest = newest_module()
        if _CLOCK in sys.modules and _CLOCK not in self._modules:
            # From now on there are two functions that may stand where time.sleep does: begin again.
            self.release()
            self._plan, self._sleep_plan, self._modules = Plan(), Plan(), {}
        new = self._new_modules()
        for name in new:
            for entry in _ENTRIES.get(name, ()):
                self._find(entry)
        for sleep in (_SLEEP, sys.modules[_CLOCK].sleep) if _CLOCK in sys.modules else (_SLEEP,):
            self._know(catalogue.SLEEP, time, sleep)
        for owner, hook, original in _HOOKS:
            if id(original) not in self._wrappers:
                self._remember(original, self._pass_over(original))
            self._add(vars(owner), hook, original)  # somebody else's may stand there now, and be gone later
        for name, module in new.items():
            if may_be_touched(name, module):
                self._look_into(module)
            if _is_being_imported(module):  # by another thread, perhaps: there is more to come
                newest = 0, 0
            else:
                self._modules[name] = id(module)
        self._newest = newest

    def _new_modules(self) -> dict[str, ModuleType]:
        known = self._modules
        return {
            name: module
            for name, module in list(sys.modules.items())
            if known.get(name) != id(module) and not is_lazy(module)
        }

    def _find(self, entry: Entry) -> None:
        found = catalogue.find(entry, sys.modules)
        if found is None:
            return
        owner, name, standing = found
        if _is_stand_in(standing, entry):
            self._stood_in_for.append(entry)
            return
        original = self._originals.get(id(standing), standing)
        below = gone_round(standing, entry)
        if below is not None:
            original = below
        self._know(entry, owner, original)
        self._tools.watch(entry, owner, name, original)
        if isinstance(owner, type):
            self._methods[id(owner), name] = self._wrappers[id(original)]
        if isinstance(owner, type) or below is not None or not may_be_touched(entry.module, owner):
            self._add(owner if isinstance(owner, type) else vars(owner), name, original)

    def _know(self, entry: Entry, owner: Any, original: Any) -> None:
        if id(original) not in self._wrappers:
            self._remember(original, self._wrap(entry, owner, original))
            if inspect.unwrap(original) is _SLEEP:
                self._sleeps.append(original)

    def _remember(self, original: Any, wrapper: Any) -> None:
        self._wrappers[id(original)] = wrapper
        self._originals[id(original)] = self._originals[id(wrapper)] = original

    def _look_into(self, module: ModuleType) -> None:
        known = self._originals
        names = globals_of(module)
        for name, one in list(names.items()):
            if id(one) in known:
                self._add(names, name, known[id(one)])
        if names.get("__name__") in _KEEP_SOME or is_users(names.get("__file__")):
            owner: Any  # a dict, or what can be asked and told as one
            for owner, name in stored_in(module, known, is_users, methods=True):
                one = owner[name]
                if id(one) in known:
                    self._add(owner, name, known[id(one)])
                elif (bound := self._standing_for(one)) is not None:
                    self._plan.add(owner, name, one, bound)

    def _standing_for(self, bound: BuiltinMethodType) -> MethodType | None:
        """What stands in for a method of an object: it was bound before its class's was replaced."""
        owner, name = bound.__self__, bound.__name__
        found = (self._methods.get((id(kind), name)) for kind in type(owner).__mro__)
        wrapper = next(filter(None, found), None)
        return None if wrapper is None else MethodType(wrapper, owner)

    def _add(self, owner: Any, name: str, original: Any) -> None:
        if not any(original is sleep for sleep in self._sleeps):
            self._plan.add(owner, name, original, self._wrappers[id(original)])
            return
        for sleep in self._sleeps:  # whichever stands there then
            self._sleep_plan.add(owner, name, sleep, self._wrappers[id(sleep)])


def _is_stand_in(standing: Any, entry: Entry) -> bool:
    """Whether what stands in a callable's place is a mock, or a function of the suite's own: no call of it blocks."""
    mock = sys.modules.get("unittest.mock")
    if mock is not None and isinstance(standing, mock.NonCallableMock):
        return True
    if not isinstance(standing, FunctionType):
        return False
    home = str(standing.__globals__.get("__name__")).partition(".")[0]
    return is_users(standing.__code__.co_filename) and home != entry.module.partition(".")[0]


def _is_back(entry: Entry) -> bool:
    found = catalogue.find(entry, sys.modules)
    return found is not None and not _is_stand_in(found[2], entry)


def _is_being_imported(module: ModuleType) -> bool:
    return bool(getattr(globals_of(module).get("__spec__"), "_initializing", False))

"""What a loaded module has, without asking it: a lazy one would be imported to answer, and raise what that raises."""

from __future__ import annotations

from types import ModuleType
from typing import Any

_globals_of = vars(ModuleType)["__dict__"].__get__


def is_module(one: object) -> bool:
    """Whether this is a module that is there: anything may be in `sys.modules`, None, a mock or a lazy module."""
    return issubclass(type(one), ModuleType) and not is_lazy(one)


def is_lazy(module: object) -> bool:
    """Whether it is imported once somebody asks it for anything, as `importlib.util.LazyLoader` has it."""
    return issubclass(kind := type(module), ModuleType) and kind.__getattribute__ is not ModuleType.__getattribute__


def globals_of(module: object) -> dict[str, Any]:
    """The globals of a module; nothing of what is none."""
    return _globals_of(module) if issubclass(type(module), ModuleType) else {}

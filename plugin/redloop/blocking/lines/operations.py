"""Which operation ahead of a place in some code took long, as far as the values that it handles tell.

The interpreter lock is given up where a call into C ends and where the code jumps back, but not where an operator or a
statement ends: `value in values`, `left + right`, `del rows`. Who looks sees a call behind it, `found.append(value)`.
"""

from __future__ import annotations

import builtins
import inspect
import time
from collections import deque
from functools import partial
from itertools import islice
from types import BuiltinFunctionType, FunctionType, MethodDescriptorType, MethodType, ModuleType, NoneType
from typing import TYPE_CHECKING, Any

from redloop.blocking.lines.instructions import HANDLER, LONG, instructions_of, is_call

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from dis import Instruction
    from types import CodeType

_SHORT = frozenset({"LIST_APPEND", "UNARY_NOT", "UNPACK_SEQUENCE"})
_FRESH = ("BUILD_LIST", "BUILD_MAP", "BUILD_SET")
_ONE_OPERAND = ("UNARY_", "LIST_", "SET_", "DICT_", "CONVERT_")
_GIVES_THE_LOCK_AWAY = ("CALL", "JUMP_BACKWARD", "POP_JUMP_BACKWARD", "RAISE_", "RETURN_")
_MADE_BY_A_CALL = inspect.CO_COROUTINE | inspect.CO_GENERATOR | inspect.CO_ASYNC_GENERATOR  # which runs none of it
_CLOCKS = frozenset(
    f"{name}{unit}"
    for name in ("monotonic", "perf_counter", "process_time", "thread_time", "time")
    for unit in ("", "_ns")
)
_QUICK: frozenset[Any] = frozenset(
    {
        *(getattr(time, name) for name in _CLOCKS),
        *(
            bool,
            callable,
            chr,
            getattr,
            hasattr,
            id,
            isinstance,
            issubclass,
            iter,
            len,
            ord,
            range,
            setattr,
            super,
            type,
        ),
        *(deque.append, deque.appendleft, deque.pop, deque.popleft, int.bit_length, list.append, set.add, set.discard),
        *(dict.get, dict.items, dict.keys, dict.setdefault, dict.values, str.endswith, str.startswith),
    }
)  # whatever they are called with
_SIZED = (bytearray, bytes, deque, dict, frozenset, list, range, set, str, tuple)
_INDEXED = (bytearray, bytes, deque, dict, list, range, str, tuple)
_LARGE = 200_000  # elements, characters or bits: what takes milliseconds to go through
_UNKNOWN: Any = object()


class Operations:
    """The instructions of some code, and the values that its names have. Runs no code of the suite's to find out."""

    def __init__(self, code: CodeType, names: Mapping[str, Any]) -> None:
        self._code, self._names = instructions_of(code), names
        self._all = self._code.all

    def before(self, instruction: int, entered: CodeType | None = None) -> Instruction | None:
        """What took long before the lock was given up at an instruction; None for that itself, or where nobody knows.

        `entered` is the function that it has just called. It may be the beginning of an exception's handler: then it is
        what raised the exception.
        """
        index = self._code.at(instruction)
        if index < 0:
            return None
        one = self._all[index]
        if entered is not None:
            if one.opname == "CALL_FUNCTION_EX" and any(map(_is_large, self._values(index))):
                return one  # `f(*rows)` makes a tuple of them first
            if self._is_c_without_callbacks(index):
                return one  # what it freed has told of its end: `gc.collect()`, `rows.clear()`
            return self._longest(index, skip_call=bool(entered.co_flags & _MADE_BY_A_CALL))
        if is_call(one) and not self._is_quick(index):
            return self._larger(index)
        return self._longest(index) if one.opname.startswith(_GIVES_THE_LOCK_AWAY) else None

    def raising(self, handler: Instruction) -> Instruction | None:
        """The last that the body of a `try` did which may have raised what the handler handles."""
        end = self._code.handled_by(handler)
        return None if end is None else self._longest(end)

    def _longest(self, start: int, *, skip_call: bool = False) -> Instruction | None:
        """The likeliest ahead of an instruction since the nearest call, or that. `skip_call`: which is not to blame."""
        found: tuple[int, Instruction | None] = (0, None)
        for index in self._code.ahead(start):
            one = self._all[index]
            if skip_call and is_call(one):
                skip_call = False
            elif is_call(one) and self._is_quick(index):
                if found[1]:  # else the lock was given up late: the machine is busy
                    break
            elif one.opname == "RESUME":
                break
            elif is_call(one) or one.opname in {"SEND", HANDLER}:
                return found[1] or one
            else:
                weight = self._weight(index)
                if weight == _LIKELY:
                    return one
                if weight > found[0]:
                    found = weight, one
        return found[1]

    def _larger(self, call: int) -> Instruction | None:
        """What handles a large value since the last call, while a call handles none."""
        if any(map(_is_large, self._values(call))):
            return None
        for index in self._code.ahead(call):
            if is_call(self._all[index]):
                break
            if self._weight(index) == _LIKELY:
                return self._all[index]
        return None

    def _is_quick(self, index: int) -> bool:
        callee = deque(self._code.operands(index), maxlen=1)
        value = next(self._values_of(callee[0]), _UNKNOWN) if callee else _UNKNOWN
        if value is _UNKNOWN:
            return bool(callee) and self._all[callee[0]].argval in _CLOCKS
        if type(value) is BuiltinFunctionType and type(value.__self__) not in {ModuleType, NoneType}:
            value = attribute(type(value.__self__), value.__name__)  # `append = values.append`
        if value is print:
            return not any(map(_is_large, self._values(index)))
        if type(value) in {BuiltinFunctionType, MethodDescriptorType, type}:
            return value in _QUICK
        value = unwrapped(value)
        return type(value) is FunctionType and bool(value.__code__.co_flags & _MADE_BY_A_CALL)

    def _is_c_without_callbacks(self, index: int) -> bool:
        """Whether a function written in C is called, and given nothing that it could call."""
        *arguments, callee = self._values(index) if is_call(self._all[index]) else (_UNKNOWN,)
        return type(callee) in {BuiltinFunctionType, MethodDescriptorType} and all(map(_is_slight, arguments))

    def _weight(self, index: int) -> int:
        """How likely it is that an operation took long."""
        one, name = self._all[index], self._all[index].opname
        if name.startswith("STORE_") and not name.startswith(LONG):  # what was there before may have been large
            stored = self._all[self._code.outside(index)]
            nothing = (stored.opname == "LOAD_CONST" and stored.argval is None) or (
                stored.opname in _FRESH and not stored.arg
            )
            return _FAINT if nothing else _UNLIKELY
        if not name.startswith(LONG) or name in _SHORT:
            return _UNLIKELY
        operands, results = list(self._values(index)), list(self._stored_after(index))
        if self._is_quick_operation(index, operands):
            return _UNLIKELY
        if any(map(_is_large, (*operands, *results))):
            return _LIKELY
        grows = name == "BINARY_OP" and one.argrepr.rstrip("=") in {"*", "**", "<<"}
        values = results if grows else operands
        return _UNLIKELY if values and all(map(_is_slight, values)) else _POSSIBLE

    def _is_quick_operation(self, index: int, operands: list[Any]) -> bool:
        """Whether an operation takes no time though one of its values may be large."""
        name = self._all[index].opname
        if name == "BINARY_OP":
            return any(type(value) is float for value in operands)
        if name == "COMPARE_OP":
            return any(map(_is_slight, operands))
        if name == "CONTAINS_OP":
            return bool(operands) and type(operands[0]) in {dict, frozenset, range, set}
        if name.startswith("BINARY_SUBSCR"):  # to store or delete frees what was there
            key = next(self._code.operands(index), index)
            return self._all[key].opname != "BUILD_SLICE" and type(operands[-1]) in _INDEXED if operands else False
        return False

    def _values(self, index: int) -> Iterator[Any]:
        """The values that an instruction takes, the last first."""
        name = self._all[index].opname
        most = 1 if name.startswith(_ONE_OPERAND) else 3 if name.endswith("_SLICE") else 2
        operands = self._code.operands(index)
        for operand in operands if is_call(self._all[index]) else islice(operands, most):
            yield from self._values_of(operand)

    def _values_of(self, index: int) -> Iterator[Any]:
        one = self._all[index]
        if one.opname == "LOAD_CONST":
            yield one.argval
        elif one.opname in {"LOAD_ATTR", "LOAD_METHOD"}:
            base = next(
                (value for operand in self._code.operands(index) for value in self._values_of(operand)), _UNKNOWN
            )
            yield _UNKNOWN if base is _UNKNOWN else attribute(base, one.argval, _UNKNOWN)
        elif one.opname.startswith("LOAD_"):
            names = one.argval if isinstance(one.argval, tuple) else (one.argval,)
            yield from (self._named(name) for name in reversed(names))
        else:
            yield _UNKNOWN

    def _stored_after(self, index: int) -> Iterator[Any]:
        """The values that the names have in which a result is put."""
        for following in range(index + 1, len(self._all)):
            one = self._all[following]
            if not one.opname.startswith("STORE_"):
                break
            if not one.opname.startswith(("STORE_ATTR", "STORE_SUBSCR", "STORE_SLICE")):
                names = one.argval if isinstance(one.argval, tuple) else (one.argval,)
                yield from map(self._named, names[:1] if one.opname == "STORE_FAST_LOAD_FAST" else names)

    def _named(self, name: Any) -> Any:
        if isinstance(name, str) and name in self._names:
            return self._names[name]
        return vars(builtins).get(name, _UNKNOWN) if isinstance(name, str) else _UNKNOWN


_UNLIKELY, _FAINT, _POSSIBLE, _LIKELY = range(4)


def unwrapped(callback: Any) -> Any:
    """The function that a partial or a method is of. Types are asked: an object may lie about its own, or find out."""
    while issubclass(kind := type(callback), partial | MethodType | staticmethod | classmethod):
        callback = callback.func if issubclass(kind, partial) else callback.__func__
    return callback


def attribute(value: Any, name: str, default: Any = None) -> Any:
    """An attribute, without running code of the suite's; a default where there is none, or none to be had so."""
    try:
        return inspect.getattr_static(value, name, default)
    except TypeError:  # Python 3.11 has no `__dict__` of a `class Task(Mixin, asyncio.Task)`
        return default


def _size(value: Any) -> int | None:
    if type(value) is int:
        return value.bit_length()
    if type(value) is range:
        return abs((value.stop - value.start) // value.step)
    return len(value) if type(value) in _SIZED else None


def _is_large(value: Any) -> bool:
    size = _size(value)
    return size is not None and size >= _LARGE


def _is_slight(value: Any) -> bool:
    """Whether next to nothing can take long with it."""
    if value is None or type(value) in {bool, float, complex}:
        return True
    return type(value) in {int, str, bytes} and not _is_large(value)

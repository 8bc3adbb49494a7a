"""The instructions of some code: which ran before which, and which made what another takes. Knows no values."""

from __future__ import annotations

import dis
from bisect import bisect, bisect_left
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from dis import Instruction
    from types import CodeType

HANDLER = "PUSH_EXC_INFO"
"""How the handler of an exception begins."""
# What can take long, and is no call: `7**1_000_000`, `value in values`, f"{number}".
LONG = (
    "BINARY_", "COMPARE_", "CONTAINS_", "UNARY_", "STORE_SUBSCR", "STORE_SLICE", "DELETE_", "LIST_", "SET_UPDATE",
    "DICT_", "FORMAT_", "CONVERT_", "BUILD_STRING", "UNPACK_",
)  # fmt: skip
_LONGEST = 65_536  # bytes
_JUMPS = {*dis.hasjrel, *dis.hasjabs}
_JUMPS_AWAY = ("JUMP_BACKWARD", "JUMP_FORWARD", "RERAISE", "RAISE_", "RETURN_")
_NO_OPERAND = frozenset({"PUSH_NULL", "PRECALL", "KW_NAMES", "EXTENDED_ARG"})


class Instructions:
    """Those of one piece of code, by their index; none of a function of some 2,000 lines or more.

    To read those would take a second, with everybody waiting.
    """

    def __init__(self, code: CodeType) -> None:
        self.all = list(dis.get_instructions(code)) if len(code.co_code) <= _LONGEST else []
        self._code = code
        self._offsets = [one.offset for one in self.all]
        self._target: dict[int, int] = {}  # of a jump
        self._sources: dict[int, list[int]] = {}  # of the jumps to an instruction
        for index, one in enumerate(self.all):
            if one.opcode in _JUMPS:
                target = self._target[index] = bisect_left(self._offsets, one.argval)
                self._sources.setdefault(target, []).append(index)

    def at(self, offset: int) -> int:
        """The instruction at an offset, or around it: a caller's is some way into its call. -1 where there is none."""
        return bisect(self._offsets, offset) - 1

    def until(self, offset: int) -> list[Instruction]:
        """Those up to an offset."""
        return self.all[: bisect(self._offsets, offset)]

    def ahead(self, index: int) -> Iterator[int]:
        """The instructions that ran before one, the last first: back to the head of a loop, or to that of a handler."""
        while index > 0 and not self._is_head(index):
            if self.all[index - 1].opname.startswith(_JUMPS_AWAY):
                sources = [source for source in self._sources.get(index, ()) if source < index]
                if not sources:
                    return
                index = sources[-1]
            else:
                index -= 1
            if self.all[index].opname == "FOR_ITER":
                return
            yield index
            if self.all[index].opname == HANDLER:
                return

    def handled_by(self, handler: Instruction) -> int | None:
        """The end of the code whose exceptions a handler handles."""
        entries = getattr(dis.Bytecode(self._code), "exception_entries", ())
        ends = [entry.end for entry in entries if entry.target == handler.offset and entry.start < handler.offset]
        if not ends:
            return None
        last = bisect_left(self._offsets, max(ends))
        return last - 1 if self.all[last - 1].opname.startswith("RAISE_") else last

    def operands(self, index: int) -> Iterator[int]:
        """The instructions that made what one takes, the last first: those that are written inside of it."""
        outer, operand = self.all[index], index - 1
        while operand >= 0 and _is_within(self.all[operand], outer):
            inner, operand = self.all[operand], operand - 1
            if inner.opname in _NO_OPERAND:
                continue
            yield operand + 1
            while not _takes_nothing(inner) and operand >= 0 and _is_within(self.all[operand], inner):
                operand -= 1

    def outside(self, index: int) -> int:
        """The last instruction ahead of one that is no part of it: what made the value that `row.name = …` stores."""
        operand = index - 1
        while operand > 0 and _is_within(self.all[operand], self.all[index]):
            operand -= 1
        return operand

    def _is_head(self, index: int) -> bool:
        """Whether a loop jumps back to an instruction: not an await, nor a handler at its end."""
        back = {source for source in self._sources.get(index, ()) if source >= index}
        sources = {source for source in back if self.all[source].opname != "JUMP_BACKWARD_NO_INTERRUPT"}
        reached, ahead = set[int](), [index] if sources else []
        while ahead and not sources & reached:
            one = ahead.pop()
            if one in reached:
                continue
            reached.add(one)
            ahead += [self._target[one]] if one in self._target else []
            ahead += [] if self.all[one].opname.startswith(_JUMPS_AWAY) else [one + 1]
        return not sources.isdisjoint(reached)


@lru_cache(maxsize=64)
def instructions_of(code: CodeType) -> Instructions:
    """The instructions of some code, which is looked at again and again."""
    return Instructions(code)


def is_call(one: Instruction) -> bool:
    """Whether an instruction calls something."""
    return one.opname.startswith("CALL") and "INTRINSIC" not in one.opname


def _takes_nothing(one: Instruction) -> bool:
    """Whether an instruction is a name or a constant."""
    return one.opname.startswith("LOAD_") and one.opname not in {"LOAD_ATTR", "LOAD_METHOD"}


def _is_within(inner: Instruction, outer: Instruction) -> bool:
    a, b = inner.positions, outer.positions
    if a is None or b is None or None in a or None in b:
        return False
    return bool((b[0], b[2]) <= (a[0], a[2]) and (a[1], a[3]) <= (b[1], b[3]))

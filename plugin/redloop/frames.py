"""A frame's local names, read without a trace of that: what a program lets go of must die when it would without us."""

from __future__ import annotations

import ctypes
import sys
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

if sys.version_info >= (3, 13):

    def local_names(frame: Any) -> MutableMapping[str, Any]:
        """A frame's local names."""
        return frame.f_locals  # type: ignore[no-any-return]  # looks into the frame each time that it is asked

else:

    class _Inner(ctypes.Structure):  # struct _PyInterpreterFrame of pycore_frame.h, as far as the copy
        _fields_ = (("_", ctypes.c_void_p * (3 if sys.version_info < (3, 12) else 5)), ("f_locals", ctypes.c_void_p))

    class _Frame(ctypes.Structure):  # struct _frame, which has the same beginning in both versions
        _fields_ = (
            ("_", ctypes.c_byte * (object.__basicsize__ + ctypes.sizeof(ctypes.c_void_p))),
            ("f_frame", ctypes.POINTER(_Inner)),
        )

    def local_names(frame: Any) -> MutableMapping[str, Any]:
        """A frame's local names.

        Reading them leaves a copy in a function's frame, which keeps them alive as long as that lives. So it is taken
        out again, unless it was there: then it is a debugger's, or the function's own, from `locals()`. To empty it is
        no way: what a trace function finds in it goes back into the variables when that returns, on another thread.
        """
        there = _Frame.from_address(id(frame))
        was_there = not _IS_WHERE_WE_THINK or there.f_frame.contents.f_locals is not None
        names = dict(frame.f_locals)
        if not was_there:
            # Nothing is called between these two, so that no other thread runs: when the function returns it moves.
            copy = there.f_frame.contents.f_locals
            there.f_frame.contents.f_locals = None
            _release(copy)
        return names

    def _is_where_we_think() -> bool:
        frame: Any = sys._getframe()  # noqa: SLF001 - as in every module that looks at frames
        there = _Frame.from_address(id(frame))
        return there.f_frame.contents.f_locals is None and id(frame.f_locals) == there.f_frame.contents.f_locals

    _release = ctypes.PyDLL(None).Py_DecRef
    _release.argtypes, _release.restype = (ctypes.c_void_p,), None
    _IS_WHERE_WE_THINK = _is_where_we_think()  # not so in an interpreter that is built otherwise

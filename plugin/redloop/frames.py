"""A frame's local names, read without a trace of that: what a program lets go of must die when it would without us."""

from __future__ import annotations

import sys
from inspect import CO_OPTIMIZED
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import MutableMapping

if sys.version_info >= (3, 13):

    def local_names(frame: Any) -> MutableMapping[str, Any]:
        """A frame's local names."""
        return frame.f_locals  # type: ignore[no-any-return]  # looks into the frame each time that it is asked

else:

    def local_names(frame: Any) -> MutableMapping[str, Any]:
        """A frame's local names.

        Reading them leaves a copy in a function's frame, which keeps them alive as long as that lives. It is filled
        again when it is asked for again, so it is emptied here, unless the function has it itself, from `locals()`.
        """
        there = frame.f_locals
        names = dict(there)
        if frame.f_code.co_flags & CO_OPTIMIZED and sys.getrefcount(there) <= _THE_FRAMES_AND_OURS:
            there.clear()
        return names

    _THE_FRAMES_AND_OURS = 3  # the frame's reference, our variable's, and that of the call that counts them

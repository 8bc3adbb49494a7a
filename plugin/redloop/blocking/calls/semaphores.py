# ruff: noqa: SLF001 - what they keep has no public name
"""The locks, semaphores, events and conditions of multiprocessing keep their `acquire` from when they are made."""

from __future__ import annotations

import sys


def renew_semaphores() -> None:
    """Have each of them store the `acquire` that its class has now.

    All come from multiprocessing itself: its list of what to look after in a forked child has them.
    """
    kind = getattr(sys.modules.get("multiprocessing.synchronize"), "SemLock", None)
    if kind is None:
        return
    for reference in sys.modules["multiprocessing.util"]._afterfork_registry.valuerefs():
        owner = reference()
        if isinstance(owner, kind) and getattr(vars(owner).get("acquire"), "__self__", None) is owner._semlock:
            owner._make_methods()

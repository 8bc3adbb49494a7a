"""Sees saves, by any editor, on any file system.

File events wake us; what changed is then read from the files themselves, so it does not matter how an editor writes
(in place, or beside and renamed). Every second we look without being woken. What only that look has seen shows that
events do not arrive here (a network folder, a folder of the host in WSL or a container); from then on we look ten
times a second, and `polling` says why.
"""

from __future__ import annotations

import os
import threading
import time
from typing import TYPE_CHECKING

from watchfiles import watch

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path
    from typing import Self

LOOK = 1.0  # seconds between two looks where events arrive
POLL = 0.1  # seconds between two looks where they do not
SETTLE = 5  # milliseconds without a further event after which a save is over
NOT_HEARD = "file events do not arrive from this folder"
UNWANTED = "WATCHFILES_FORCE_POLLING is set"

Stamp = tuple[int, int, int]


class Saves:
    """Watches files; `wake` is called, on another thread, when it is time to ask for `changed`."""

    def __init__(self, paths: Iterable[Path], wake: Callable[[], None]) -> None:
        self._paths = tuple(paths)
        self._wake = wake
        self._stop = threading.Event()
        self._heard = False
        self._unheard_since: float | None = None
        self._known = self._look()
        self._thread = threading.Thread(target=self._listen, name="redloop saves", daemon=True)
        self.polling = UNWANTED if os.environ.get("WATCHFILES_FORCE_POLLING") else ""

    def __enter__(self) -> Self:
        if not self.polling:
            self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join()

    @property
    def interval(self) -> float:
        """How many seconds to wait for a wake-up before looking all the same."""
        return POLL if self.polling else LOOK

    def changed(self) -> set[Path]:
        """The files that were saved since the last call. One that is gone counts when it is back."""
        now = self._look()
        changed = {path for path, stamp in now.items() if stamp != self._known.get(path)}
        self._known |= now
        self._trust(changed)
        return changed

    def _trust(self, changed: set[Path]) -> None:
        """Find out whether a change came without an event, and none followed for as long as a look takes."""
        heard, self._heard = self._heard, False
        if heard:
            self._unheard_since = None
        elif self._unheard_since is not None:
            if not self.polling and time.monotonic() - self._unheard_since >= LOOK:
                self.polling = NOT_HEARD
        elif changed:
            self._unheard_since = time.monotonic()

    def _look(self) -> dict[Path, Stamp]:
        found = {}
        for path in self._paths:
            try:
                status = path.stat()
            except OSError:
                continue
            found[path] = (status.st_mtime_ns, status.st_size, status.st_ino)
        return found

    def _listen(self) -> None:
        folders = {path.parent for path in self._paths if path.parent.is_dir()}
        try:
            for _ in watch(
                *folders,
                watch_filter=None,
                recursive=False,
                step=SETTLE,
                debounce=10 * SETTLE,
                stop_event=self._stop,
                raise_interrupt=False,
                force_polling=False,
                ignore_permission_denied=True,
            ):
                self._heard = True
                self._wake()
        except (OSError, RuntimeError) as error:  # too many watches, or a file system without events
            self.polling = f"{NOT_HEARD}: {error}"
            self._wake()

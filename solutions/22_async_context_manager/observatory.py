"""The dome opens before the night's work and closes after it, whatever the night brings."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Protocol


class Dome(Protocol):  # given
    async def open(self) -> None: ...

    async def close(self) -> None: ...


@asynccontextmanager
async def opened(dome: Dome) -> AsyncIterator[Dome]:
    """Inside `async with opened(dome) as dome:` the dome is open, and after it the dome is closed.

    What is raised in the block goes on to the caller. A dome that failed to open is not closed.
    """
    await dome.open()  # outside the try: where this fails there is nothing to close
    try:
        yield dome  # the block runs here, and what it raises is raised here
    finally:
        await dome.close()

"""Many samples, few microscopes."""

import asyncio
from collections.abc import Awaitable, Callable


class Laboratory:
    """Examines samples with `examine(sample)`, each on one of its microscopes; `result` is called for many at once."""

    def __init__(self, examine: Callable[[str], Awaitable[str]], microscopes: int) -> None:
        self.examine = examine
        self._free = asyncio.BoundedSemaphore(microscopes)  # bounded: giving back twice is an error, not one more place

    async def result(self, sample: str) -> str:
        """What `examine(sample)` found, or its error; waits for a free microscope first."""
        async with self._free:  # from before the work until after it, however it ends
            return await self.examine(sample)

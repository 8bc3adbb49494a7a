"""Many samples, few microscopes."""

from collections.abc import Awaitable, Callable


class Laboratory:
    """Examines samples with `examine(sample)`, each on one of its microscopes; `result` is called for many at once."""

    def __init__(self, examine: Callable[[str], Awaitable[str]], microscopes: int) -> None:
        self.examine = examine
        self.microscopes = microscopes

    async def result(self, sample: str) -> str:
        """What `examine(sample)` found, or its error; waits for a free microscope first."""
        # TODO: nobody looks whether a microscope is free.
        return await self.examine(sample)

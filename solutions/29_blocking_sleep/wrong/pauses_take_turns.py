# fails: test_five_callers_pause_at_the_same_time
# looks like: one lock is held during the pause, so the callers pause one after another
import asyncio


_pausing = asyncio.Lock()


async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            async with _pausing:
                await asyncio.sleep(pause)
    return await ask()

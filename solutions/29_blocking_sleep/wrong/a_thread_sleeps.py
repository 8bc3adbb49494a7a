# fails: test_pauses_as_long_as_it_was_told test_five_callers_pause_at_the_same_time
# looks like: each pause keeps a thread asleep instead of setting a timer, and the loop's clock knows nothing of it
import asyncio
import time


async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            await asyncio.to_thread(time.sleep, pause)
    return await ask()

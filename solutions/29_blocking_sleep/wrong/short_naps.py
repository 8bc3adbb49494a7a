# fails: test_the_heart_beats_on test_pauses_as_long_as_it_was_told test_five_callers_pause_at_the_same_time test_the_last_refusal_goes_to_the_caller
# looks like: the pause is cut into short naps, and each of them stops everybody
import asyncio
import time


async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            for _ in range(2):
                time.sleep(pause / 2)
                await asyncio.sleep(0)
    return await ask()

# fails: test_the_heart_beats_on test_pauses_as_long_as_it_was_told test_five_callers_pause_at_the_same_time test_the_last_refusal_goes_to_the_caller
# looks like: you look at the clock over and over, and the loop is busy with nothing else
import asyncio


async def ask_again(ask, pauses):
    loop = asyncio.get_running_loop()
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            end = loop.time() + pause
            while loop.time() < end:
                await asyncio.sleep(0)
    return await ask()

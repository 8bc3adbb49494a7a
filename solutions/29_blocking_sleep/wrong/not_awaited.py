# fails: test_the_heart_beats_on test_pauses_as_long_as_it_was_told test_five_callers_pause_at_the_same_time test_the_last_refusal_goes_to_the_caller
# looks like: asyncio.sleep is called and not awaited, so it never runs
import asyncio


async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            asyncio.sleep(pause)
    return await ask()

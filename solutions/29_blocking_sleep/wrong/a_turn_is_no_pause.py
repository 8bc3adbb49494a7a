# fails: test_pauses_as_long_as_it_was_told test_five_callers_pause_at_the_same_time
# looks like: sleep(0) gives the others one turn, but it is no pause
import asyncio


async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            await asyncio.sleep(0)
    return await ask()

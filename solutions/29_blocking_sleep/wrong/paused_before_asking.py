# fails: test_pauses_as_long_as_it_was_told
# looks like: the pause comes before the question, also when nobody has refused yet
import asyncio


async def ask_again(ask, pauses):
    for pause in pauses:
        await asyncio.sleep(pause)
        try:
            return await ask()
        except ConnectionError:
            pass
    return await ask()

# fails: test_the_last_refusal_goes_to_the_caller
# looks like: the last refusal is replaced by a new error, and what the service said is gone
import asyncio


async def ask_again(ask, pauses):
    for pause in [*pauses, 0]:
        try:
            return await ask()
        except ConnectionError:
            await asyncio.sleep(pause)
    raise ConnectionError("gave up")

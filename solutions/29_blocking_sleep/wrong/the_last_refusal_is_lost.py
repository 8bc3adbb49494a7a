# fails: test_the_last_refusal_goes_to_the_caller
# looks like: when every try was refused, the caller gets None instead of the error
import asyncio


async def ask_again(ask, pauses):
    for pause in [*pauses, 0]:
        try:
            return await ask()
        except ConnectionError:
            await asyncio.sleep(pause)

# fails: test_any_other_error_goes_to_the_caller_at_once
# looks like: it asks again after every error, also after one that no pause can mend
import asyncio


async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except Exception:
            await asyncio.sleep(pause)
    return await ask()

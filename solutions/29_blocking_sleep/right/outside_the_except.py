import asyncio


async def ask_again(ask, pauses):
    left = iter(pauses)
    while True:
        try:
            return await ask()
        except ConnectionError as error:
            refusal = error
        pause = next(left, None)
        if pause is None:
            raise refusal
        await asyncio.sleep(pause)

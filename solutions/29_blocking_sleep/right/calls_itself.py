import asyncio


async def ask_again(ask, pauses):
    if not pauses:
        return await ask()
    try:
        return await ask()
    except ConnectionError:
        await asyncio.sleep(pauses[0])
        return await ask_again(ask, pauses[1:])

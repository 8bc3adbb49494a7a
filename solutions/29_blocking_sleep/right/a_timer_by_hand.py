import asyncio


async def ask_again(ask, pauses):
    loop = asyncio.get_running_loop()
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            over = loop.create_future()
            loop.call_later(pause, over.set_result, None)
            await over
    return await ask()

# fails: test_nobody_waits_longer_than_the_provider
# looks like: the provider is looked at every half second, and may have ended long before the next look
import asyncio


async def quote(provide, show):
    answer = asyncio.get_running_loop().create_future()
    provider = asyncio.create_task(provide(answer))
    show(await answer)
    while not provider.done():
        await asyncio.sleep(0.5)
    provider.result()

# fails: test_the_provider_is_not_cut_off
# looks like: the wait for the provider has a limit, and some need longer
import asyncio


async def quote(provide, show):
    answer = asyncio.get_running_loop().create_future()
    provider = asyncio.create_task(provide(answer))
    show(await answer)
    await asyncio.wait_for(provider, timeout=60)

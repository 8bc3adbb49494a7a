# fails: test_nobody_waits_longer_than_the_provider test_the_provider_is_not_cut_off test_an_error_while_tidying_up_is_not_lost
# looks like: the provider was stopped as soon as the answer was there
import asyncio


async def quote(provide, show):
    answer = asyncio.get_running_loop().create_future()
    provider = asyncio.create_task(provide(answer))
    show(await answer)
    provider.cancel()
    await asyncio.wait([provider])

# fails: test_the_provider_is_not_cut_off test_nobody_waits_longer_than_the_provider test_an_error_while_tidying_up_is_not_lost
# looks like: a sleep stands where the end of the provider should be waited for
import asyncio


async def quote(provide, show):
    answer = asyncio.get_running_loop().create_future()
    provider = asyncio.create_task(provide(answer))
    show(await answer)
    await asyncio.sleep(10)

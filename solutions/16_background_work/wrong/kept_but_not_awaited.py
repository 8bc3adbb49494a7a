# fails: test_nobody_waits_longer_than_the_provider test_the_provider_is_not_cut_off test_an_error_while_tidying_up_is_not_lost
# looks like: somebody holds the provider's task now, and still nobody waits for its end
import asyncio


background = set()


async def quote(provide, show):
    answer = asyncio.get_running_loop().create_future()
    provider = asyncio.create_task(provide(answer))
    background.add(provider)
    provider.add_done_callback(background.discard)
    show(await answer)

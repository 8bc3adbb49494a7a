# fails: test_an_error_while_tidying_up_is_not_lost
# looks like: the end of the provider was awaited, and how it ended was not looked at
import asyncio


async def quote(provide, show):
    answer = asyncio.get_running_loop().create_future()
    provider = asyncio.create_task(provide(answer))
    show(await answer)
    await asyncio.wait([provider])

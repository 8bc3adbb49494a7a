import asyncio


async def quote(provide, show):
    answer = asyncio.get_running_loop().create_future()

    async def show_it():
        show(await answer)

    await asyncio.gather(show_it(), provide(answer))

import asyncio


async def quote(provide, show):
    answer = asyncio.Future()
    provider = asyncio.create_task(provide(answer))
    show(await answer)
    await provider

from contextlib import aclosing


async def find(cards, wanted):
    async with aclosing(cards):
        return await anext((card async for card in cards if wanted(card)), None)

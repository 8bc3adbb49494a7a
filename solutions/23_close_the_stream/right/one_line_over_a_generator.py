from contextlib import aclosing


async def find(cards, wanted):
    async with aclosing(cards), aclosing(card async for card in cards if wanted(card)) as fitting:
        return await anext(fitting, None)

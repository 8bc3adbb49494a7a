from contextlib import AsyncExitStack


async def find(cards, wanted):
    async with AsyncExitStack() as stack:
        stack.push_async_callback(cards.aclose)
        card = await anext(cards, None)
        while card is not None and not wanted(card):
            card = await anext(cards, None)
        return card

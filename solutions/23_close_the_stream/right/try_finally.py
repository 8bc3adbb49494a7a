async def find(cards, wanted):
    try:
        async for card in cards:
            if wanted(card):
                return card
    finally:
        await cards.aclose()

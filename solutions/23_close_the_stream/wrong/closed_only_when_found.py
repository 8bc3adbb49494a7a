# fails: test_an_error_closes_the_drawer_too
# looks like: the drawer is closed where the card is found, and an error takes another way out
async def find(cards, wanted):
    async for card in cards:
        if wanted(card):
            await cards.aclose()
            return card
    return None

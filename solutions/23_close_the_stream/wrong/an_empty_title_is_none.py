# fails: test_reads_no_further_than_needed
# looks like: a card with an empty title counts as no card
from contextlib import aclosing


async def find(cards, wanted):
    found = None
    async with aclosing(cards):
        async for card in cards:
            if wanted(card):
                found = card
                break
    return found or None

# fails: test_the_drawer_is_closed_by_whoever_opened_it test_reads_no_further_than_needed test_an_error_closes_the_drawer_too
# looks like: `del` gives the generator away, and the closing happens in a task of its own
import asyncio


async def find(cards, wanted):
    found = None
    async for card in cards:
        if wanted(card):
            found = card
            break
    del cards
    await asyncio.sleep(3)
    return found

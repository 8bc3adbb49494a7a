# fails: test_the_drawer_is_closed_by_whoever_opened_it test_reads_no_further_than_needed test_an_error_closes_the_drawer_too
# looks like: the closing runs in a task of its own, and find() is gone before it is done
import asyncio


async def find(cards, wanted):
    try:
        async for card in cards:
            if wanted(card):
                return card
    finally:
        asyncio.create_task(cards.aclose())

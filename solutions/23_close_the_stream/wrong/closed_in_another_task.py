# fails: test_the_drawer_is_closed_by_whoever_opened_it test_an_error_closes_the_drawer_too
# looks like: the closing is awaited, but it runs in a task of its own
import asyncio


async def find(cards, wanted):
    try:
        async for card in cards:
            if wanted(card):
                return card
    finally:
        await asyncio.create_task(cards.aclose())

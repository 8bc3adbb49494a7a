# fails: test_the_drawer_is_closed_by_whoever_opened_it test_an_error_closes_the_drawer_too test_a_cancellation_closes_the_drawer_too
# looks like: the search goes on in a task that does not hear of the cancellation
import asyncio
from contextlib import aclosing


async def find(cards, wanted):
    async def search():
        async with aclosing(cards):
            async for card in cards:
                if wanted(card):
                    return card
    return await asyncio.shield(search())

# fails: test_the_drawer_is_closed_by_whoever_opened_it test_reads_no_further_than_needed test_an_error_closes_the_drawer_too test_a_cancellation_closes_the_drawer_too
# looks like: `closing` calls `close()`, which an async generator does not have
from contextlib import closing


async def find(cards, wanted):
    with closing(cards):
        async for card in cards:
            if wanted(card):
                return card
    return None

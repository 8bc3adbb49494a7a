# fails: test_the_drawer_is_closed_by_whoever_opened_it test_reads_no_further_than_needed test_an_error_closes_the_drawer_too
# looks like: `break` leaves the loop, and the generator stays at its `yield`
async def find(cards, wanted):
    found = None
    async for card in cards:
        if wanted(card):
            found = card
            break
    return found

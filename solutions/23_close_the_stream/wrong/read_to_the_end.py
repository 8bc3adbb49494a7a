# fails: test_reads_no_further_than_needed test_an_error_closes_the_drawer_too
# looks like: the drawer closes because every single card was read
async def find(cards, wanted):
    found = None
    async for card in cards:
        if found is None and wanted(card):
            found = card
    return found

# fails: test_reads_no_further_than_needed
# looks like: all cards were copied into a list before the first one was looked at
async def find(cards, wanted):
    everything = [card async for card in cards]
    return next((card for card in everything if wanted(card)), None)

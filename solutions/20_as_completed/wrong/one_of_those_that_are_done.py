# fails: test_results_that_arrive_together_are_both_heard
# looks like: when several tasks are done at once, one of them is read out and the others are forgotten
import asyncio


async def read_out(districts, count, announce):
    pending = {asyncio.create_task(count(district)) for district in districts}
    while pending:
        done, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
        announce(done.pop().result())

# fails: test_the_first_result_does_not_wait_for_the_last test_each_result_at_its_own_moment test_results_that_arrive_together_are_both_heard
# looks like: the list takes every result out of as_completed before the first is read out
import asyncio


async def read_out(districts, count, announce):
    results = [await earliest for earliest in asyncio.as_completed([count(district) for district in districts])]
    for result in results:
        announce(result)

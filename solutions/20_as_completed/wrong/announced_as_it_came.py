# fails: test_the_first_result_does_not_wait_for_the_last test_each_result_at_its_own_moment test_results_that_arrive_together_are_both_heard test_all_districts_count_at_the_same_time
# looks like: what as_completed() hands out one after another was announced as it is, and that is no result yet
import asyncio


async def read_out(districts, count, announce):
    for result in asyncio.as_completed([count(district) for district in districts]):
        announce(result)

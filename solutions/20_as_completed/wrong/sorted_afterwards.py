# fails: test_the_first_result_does_not_wait_for_the_last test_each_result_at_its_own_moment test_results_that_arrive_together_are_both_heard
# looks like: the results are put in the right order after the last one has come in
import asyncio


async def read_out(districts, count, announce):
    loop = asyncio.get_running_loop()

    async def timed(district):
        result = await count(district)
        return loop.time(), result

    for _, result in sorted(await asyncio.gather(*map(timed, districts))):
        announce(result)

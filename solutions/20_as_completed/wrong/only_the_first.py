# fails: test_the_first_result_does_not_wait_for_the_last test_each_result_at_its_own_moment test_results_that_arrive_together_are_both_heard test_all_districts_count_at_the_same_time
# looks like: after the first result nobody waits for the others
import asyncio


async def read_out(districts, count, announce):
    tasks = [asyncio.create_task(count(district)) for district in districts]
    done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in done:
        announce(task.result())

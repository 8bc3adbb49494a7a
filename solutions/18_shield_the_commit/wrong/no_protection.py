# fails: test_the_commit_is_not_cut_in_two test_a_second_cancellation_changes_nothing
# looks like: the commit was cancelled together with the one who waits for it
import asyncio


async def transfer(commit):
    return await commit()

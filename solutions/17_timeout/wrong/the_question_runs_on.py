# fails: test_the_question_is_stopped test_a_cancellation_goes_on
# looks like: the question that was too slow was left running
import asyncio


async def offer(ask, limit, otherwise):
    async def questions():
        return await ask(f"price of {await ask('seat')}")

    task = asyncio.create_task(questions())
    done, _ = await asyncio.wait([task], timeout=limit)
    return task.result() if done else otherwise

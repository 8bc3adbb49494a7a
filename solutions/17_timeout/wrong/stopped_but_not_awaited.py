# fails: test_the_question_is_stopped
# looks like: the question was told to stop, and offer() did not wait until it had
import asyncio


async def offer(ask, limit, otherwise):
    async def questions():
        return await ask(f"price of {await ask('seat')}")

    task = asyncio.create_task(questions())
    try:
        return await asyncio.wait_for(asyncio.shield(task), limit)
    except TimeoutError:
        task.cancel()
        return otherwise
    except asyncio.CancelledError:
        task.cancel()
        await asyncio.wait([task])
        raise

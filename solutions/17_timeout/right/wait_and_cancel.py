import asyncio


async def offer(ask, limit, otherwise):
    async def questions():
        return await ask(f"price of {await ask('seat')}")

    task = asyncio.create_task(questions())
    try:
        done, _ = await asyncio.wait([task], timeout=limit)
        return task.result() if done else otherwise
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

import asyncio


async def carried_through(task):
    try:
        await asyncio.wait({task})
    except asyncio.CancelledError:
        await carried_through(task)
        raise


async def transfer(commit):
    task = asyncio.create_task(commit())
    await carried_through(task)
    return task.result()

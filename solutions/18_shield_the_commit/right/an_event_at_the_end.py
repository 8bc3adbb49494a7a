import asyncio


async def transfer(commit):
    task, over, cancellations = asyncio.create_task(commit()), asyncio.Event(), []
    task.add_done_callback(lambda _: over.set())
    while not over.is_set():
        try:
            await over.wait()
        except asyncio.CancelledError as error:
            cancellations.append(error)
    if cancellations:
        raise cancellations[-1]
    return await task

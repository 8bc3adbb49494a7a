import asyncio


async def transfer(commit):
    task = asyncio.ensure_future(commit())
    cancelled = False
    while True:
        try:
            receipt = await asyncio.shield(task)
        except asyncio.CancelledError:
            cancelled = True
            if not task.done():
                continue
        if cancelled:
            raise asyncio.CancelledError
        return receipt

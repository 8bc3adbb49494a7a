import asyncio
from contextlib import suppress


async def release(install, servers):
    answers, failures, tasks = {}, [], []

    async def one(server):
        try:
            answers[server] = await install(server)
        except Exception as error:
            failures.append(error)
            for task in tasks:
                if task is not asyncio.current_task():
                    task.cancel()

    tasks += [asyncio.create_task(one(server)) for server in servers]
    for task in tasks:
        with suppress(asyncio.CancelledError):
            await task
    if failures:
        raise failures[0]
    return [answers[server] for server in servers]

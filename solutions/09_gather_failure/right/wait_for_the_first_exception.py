import asyncio


async def release(install, servers):
    installs = [asyncio.create_task(install(server)) for server in servers]
    done, pending = await asyncio.wait(installs, return_when=asyncio.FIRST_EXCEPTION)
    for task in pending:
        task.cancel()
    if pending:
        await asyncio.wait(pending)
    for task in done:
        if task.exception():
            raise task.exception()
    return [task.result() for task in installs]

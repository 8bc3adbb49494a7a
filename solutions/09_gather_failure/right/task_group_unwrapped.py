import asyncio


async def release(install, servers):
    try:
        async with asyncio.TaskGroup() as group:
            installs = [group.create_task(install(server)) for server in servers]
    except ExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in installs]

import asyncio


async def release(install, servers):
    async with asyncio.TaskGroup() as group:
        installs = [group.create_task(install(server)) for server in servers]
    return [task.result() for task in installs]

# fails: test_all_at_the_same_time_answers_in_order
# looks like: a limit lets in only some of the servers at once, and the rest wait outside
import asyncio


async def release(install, servers):
    places = asyncio.Semaphore(10)

    async def one(server):
        async with places:
            return await install(server)

    async with asyncio.TaskGroup() as group:
        installs = [group.create_task(one(server)) for server in servers]
    return [task.result() for task in installs]

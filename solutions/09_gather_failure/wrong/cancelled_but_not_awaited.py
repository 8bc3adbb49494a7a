# fails: test_nobody_works_on_after_the_failure
# looks like: the error left release() before the other installs were over; asking a task to stop is not yet its end
import asyncio


async def release(install, servers):
    installs = [asyncio.create_task(install(server)) for server in servers]
    try:
        return await asyncio.gather(*installs)
    except Exception:
        for task in installs:
            task.cancel()
        raise

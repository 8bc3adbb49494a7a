# fails: test_the_others_are_stopped_at_once
# looks like: the error had to wait while installs went on that nobody had stopped yet
import asyncio


async def release(install, servers):
    installs = [asyncio.create_task(install(server)) for server in servers]
    try:
        return await asyncio.gather(*installs)
    except Exception:
        for task in installs:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        raise

# fails: test_nobody_works_on_after_the_failure test_the_others_are_stopped_at_once
# looks like: a fixed pause stands where the end of the tasks should be waited for: too short here, too long there
import asyncio


async def release(install, servers):
    installs = [asyncio.create_task(install(server)) for server in servers]
    try:
        return await asyncio.gather(*installs)
    except Exception:
        for task in installs:
            task.cancel()
        await asyncio.sleep(1)
        raise

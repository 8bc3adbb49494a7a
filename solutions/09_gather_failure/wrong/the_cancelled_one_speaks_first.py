# fails: test_nobody_works_on_after_the_failure test_the_others_are_stopped_at_once test_the_failure_reaches_the_caller
# looks like: the first task asked for its result had been cancelled, so a CancelledError came out and not the failure
import asyncio


async def release(install, servers):
    installs = [asyncio.create_task(install(server)) for server in servers]
    _, pending = await asyncio.wait(installs, return_when=asyncio.FIRST_EXCEPTION)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return [task.result() for task in installs]

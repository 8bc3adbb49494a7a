# fails: test_the_failure_reaches_the_caller
# looks like: the others were stopped well, but the failure itself never left release()
import asyncio


async def release(install, servers):
    installs = []
    try:
        async with asyncio.TaskGroup() as group:
            installs += [group.create_task(install(server)) for server in servers]
    except* Exception as failures:
        print(failures)
    return [task.result() for task in installs if not task.cancelled() and not task.exception()]

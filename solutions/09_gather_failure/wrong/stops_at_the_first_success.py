# fails: test_all_at_the_same_time_answers_in_order
# looks like: the first install to end stopped the others, although it had gone well
import asyncio


async def release(install, servers):
    installs = [asyncio.create_task(install(server)) for server in servers]
    done, pending = await asyncio.wait(installs, return_when=asyncio.FIRST_COMPLETED)
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return [task.result() for task in installs if task in done]

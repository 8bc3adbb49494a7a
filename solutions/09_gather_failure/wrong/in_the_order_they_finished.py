# fails: test_all_at_the_same_time_answers_in_order
# looks like: the answers stand in the order in which the servers finished
import asyncio


async def release(install, servers):
    answers = []

    async def one(server):
        answers.append(await install(server))

    async with asyncio.TaskGroup() as group:
        for server in servers:
            group.create_task(one(server))
    return answers

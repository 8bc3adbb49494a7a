# fails: test_keeps_the_order_of_the_listing
# looks like: all the answers are there, but they are not in the order of the listing
import asyncio


async def backup(next_page, copy):
    answers = []

    async def one(file):
        answers.append(await copy(file))

    async with asyncio.TaskGroup() as group:
        while page := await next_page():
            for file in page:
                group.create_task(one(file))
    return answers

import asyncio


async def backup(next_page, copy):
    answers = {}

    async def keep(file):
        answers[file] = await copy(file)

    async with asyncio.TaskGroup() as group:
        while page := await next_page():
            for file in page:
                answers[file] = None
                group.create_task(keep(file))
    return list(answers.values())

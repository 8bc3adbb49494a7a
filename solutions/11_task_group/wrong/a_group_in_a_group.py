# fails: test_a_failure_stops_everything_at_once
# looks like: the failure of one copy reached the others late, or not at all
import asyncio


async def backup(next_page, copy):
    answers = []

    async def copy_page(number, page):
        async with asyncio.TaskGroup() as inner:
            copies = [inner.create_task(copy(file)) for file in page]
        answers[number] = [task.result() for task in copies]

    async with asyncio.TaskGroup() as outer:
        while page := await next_page():
            answers.append([])
            outer.create_task(copy_page(len(answers) - 1, page))
    return [answer for page in answers for answer in page]

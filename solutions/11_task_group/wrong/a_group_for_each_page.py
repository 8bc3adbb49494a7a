# fails: test_a_failure_stops_everything_at_once test_copies_while_the_listing_comes_in
# looks like: reading the listing and copying the files took turns, and did not go on at the same time
import asyncio


async def backup(next_page, copy):
    answers = []
    while page := await next_page():
        async with asyncio.TaskGroup() as group:
            copies = [group.create_task(copy(file)) for file in page]
        answers += [task.result() for task in copies]
    return answers

"""Walk through a library's pages, a few at a time and none of them twice."""

import asyncio


async def crawl(fetch, start, limit):
    found, known, todo = {}, {start}, asyncio.Queue()
    todo.put_nowait(start)

    async def work():
        while True:
            page = await todo.get()
            found[page] = await fetch(page)
            for link in dict.fromkeys(found[page]):
                if link not in known:
                    known.add(link)
                    todo.put_nowait(link)
            todo.task_done()

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(work()) for _ in range(limit)]
        await todo.join()
        for task in tasks:
            task.cancel()
    return found

# fails: test_takes_as_long_as_the_slowest test_a_long_page_takes_no_longer
# looks like: there is a new group for each panel, and the end of a group waits
import asyncio


async def dashboard(fetch, panels):
    page = []
    for panel in panels:
        async with asyncio.TaskGroup() as group:
            task = group.create_task(fetch(panel))
        page.append(task.result())
    return page

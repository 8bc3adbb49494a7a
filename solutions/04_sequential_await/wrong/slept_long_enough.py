# fails: test_takes_as_long_as_the_slowest test_a_long_page_takes_no_longer test_keeps_the_order_of_the_request
# looks like: you guessed how long the slowest panel needs: too long for some pages, too short for others
import asyncio


async def dashboard(fetch, panels):
    tasks = [asyncio.create_task(fetch(panel)) for panel in panels]
    await asyncio.sleep(5)
    return [task.result() for task in tasks]

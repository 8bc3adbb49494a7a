# fails: test_takes_as_long_as_the_slowest test_a_long_page_takes_no_longer test_keeps_the_order_of_the_request test_asks_for_each_panel_once
# looks like: you stopped waiting before the slow panels had arrived, and left their tasks running
import asyncio


async def dashboard(fetch, panels):
    tasks = [asyncio.create_task(fetch(panel)) for panel in panels]
    done, _ = await asyncio.wait(tasks, timeout=0.5)
    return [task.result() for task in tasks if task in done]

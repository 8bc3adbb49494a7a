# fails: test_keeps_the_order_of_the_request
# looks like: panels are shown in the order in which they arrived, not in the order asked for
import asyncio


async def dashboard(fetch, panels):
    return [await earliest for earliest in asyncio.as_completed([fetch(panel) for panel in panels])]

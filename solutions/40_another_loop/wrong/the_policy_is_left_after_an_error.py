# fails: test_asyncio_chooses_when_nobody_else_does
# looks like: the choice is taken back when all went well, and stays for the whole process when it did not
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*map(fetch, harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))


def main(fetch, draw, harbours, loop_factory=None):
    usual = asyncio.get_event_loop_policy()
    if loop_factory is not None:

        class Chosen(asyncio.DefaultEventLoopPolicy):
            def new_event_loop(self):
                return loop_factory()

        asyncio.set_event_loop_policy(Chosen())
    table = asyncio.run(tides(fetch, draw, harbours))
    asyncio.set_event_loop_policy(usual)
    return table

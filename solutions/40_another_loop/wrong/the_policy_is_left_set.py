# fails: test_asyncio_chooses_when_nobody_else_does
# looks like: the choice is made for the whole process, and stays when the program is over
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*(fetch(harbour) for harbour in harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))



def main(fetch, draw, harbours, loop_factory=None):
    if loop_factory is not None:

        class Policy(asyncio.DefaultEventLoopPolicy):
            def new_event_loop(self):
                return loop_factory()

        asyncio.set_event_loop_policy(Policy())
    return asyncio.run(tides(fetch, draw, harbours))

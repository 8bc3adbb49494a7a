# fails: test_asyncio_chooses_when_nobody_else_does
# looks like: the loop is closed, and asyncio still gives it to whoever asks for the current one
"""A command that prints the tides of several harbours."""

import asyncio


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*map(fetch, harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))


def main(fetch, draw, harbours, loop_factory=None):
    loop = (loop_factory or asyncio.new_event_loop)()
    asyncio.set_event_loop(loop)
    try:
        return loop.run_until_complete(tides(fetch, draw, harbours))
    finally:
        loop.close()

# fails: test_asyncio_chooses_when_nobody_else_does
# looks like: a run without a loop_factory still takes a loop that was made at import, and nobody closes that one
"""A command that prints the tides of several harbours."""

import asyncio

usual = asyncio.new_event_loop()


async def tides(fetch, draw, harbours):
    levels = await asyncio.gather(*map(fetch, harbours))
    return await asyncio.to_thread(draw, dict(zip(harbours, levels)))


def main(fetch, draw, harbours, loop_factory=None):
    if loop_factory is None:
        return usual.run_until_complete(tides(fetch, draw, harbours))
    with asyncio.Runner(loop_factory=loop_factory) as runner:
        return runner.run(tides(fetch, draw, harbours))

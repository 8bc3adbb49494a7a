"""A wall display for a greenhouse: readings come from many sensors, and nobody knows when."""

import asyncio


async def watch(sensors, show, lost):
    asked = {asyncio.ensure_future(anext(readings)): name for name, readings in sensors.items()}
    waiting, display = {}, None
    try:
        while asked or waiting or display:
            if waiting and not display:
                name = next(iter(waiting))
                display = asyncio.ensure_future(show(name, waiting.pop(name)))
            done, _ = await asyncio.wait([*asked, *filter(None, [display])], return_when=asyncio.FIRST_COMPLETED)
            if display in done:
                done.remove(display)
                display, over = None, display
                over.result()
            for task in sorted(done, key=lambda task: asked[task]):
                name = asked.pop(task)
                try:
                    reading = task.result()
                except StopAsyncIteration:
                    continue
                lost[name] += name in waiting
                waiting[name] = reading
                asked[asyncio.ensure_future(anext(sensors[name]))] = name
    finally:
        left = [*asked, *filter(None, [display])]
        for task in left:
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for readings in sensors.values():
            await readings.aclose()

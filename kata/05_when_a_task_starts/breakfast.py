"""A breakfast: the kettle is a task, and the table is laid while the water boils."""

import asyncio
from collections.abc import Callable, Coroutine

PREDICTION = [  # what you expect the log to say
    "kettle on",
    "laying the table",
    "table laid",
    "water boils",
    "tea is poured",
]


async def breakfast(
    boil: Callable[[], Coroutine[None, None, str]],  # logs "kettle on", and "water boils" when it does
    lay: Callable[[], Coroutine[None, None, None]],  # logs "laying the table" and "table laid"
    log: Callable[[str], None],
) -> str:
    """Tea with the water from the kettle."""
    kettle = asyncio.create_task(boil())
    await lay()
    # TODO: predict the log first; then see what is asked for too early here.
    water = kettle.result()
    log("tea is poured")
    return f"tea with {water}"

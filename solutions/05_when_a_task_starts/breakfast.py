"""A breakfast: the kettle is a task, and the table is laid while the water boils."""

import asyncio
from collections.abc import Callable, Coroutine

PREDICTION = [  # what you expect the log to say
    "laying the table",  # the task is made, but this coroutine has not given way yet
    "kettle on",
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
    water = await kettle  # waits exactly until there is a result
    log("tea is poured")
    return f"tea with {water}"

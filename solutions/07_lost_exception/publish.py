"""A page goes on line: pictures are uploaded while the text is rendered."""

import asyncio
from collections.abc import Callable, Coroutine


async def publish(
    upload: Callable[[], Coroutine[None, None, None]], render: Callable[[], Coroutine[None, None, str]]
) -> str:
    """What is on line, once both are over. An error of either goes to the caller."""
    task = asyncio.create_task(upload())
    text = await render()
    await task  # waits for the end, and raises here what was raised in the task
    return f"on line: {text}"

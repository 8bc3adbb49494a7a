# fails: test_line_by_line test_a_new_task_comes_later
# looks like: the task was expected to begin on the line that makes it
"""Who runs when? Write down what you expect, then let the event loop tell you."""

import asyncio
from collections.abc import Callable

Say = Callable[[str], None]


async def market(say: Say) -> None:  # given, like everything but PREDICTION
    loop = asyncio.get_running_loop()
    baker = asyncio.create_task(stall(say, "baker"))
    loop.call_soon(say, "bell")
    say("gates open")
    await greet(say)
    await asyncio.sleep(0)
    say("first customer")
    await baker
    say("gates close")


async def stall(say: Say, name: str) -> None:
    say(f"{name} unpacks")
    await asyncio.sleep(0)
    asyncio.get_running_loop().call_soon(say, f"{name} is praised")
    say(f"{name} sells")


async def greet(say: Say) -> None:
    say("good morning")


PREDICTION = [
    "baker unpacks",
    "gates open",
    "good morning",
    "bell",
    "first customer",
    "baker sells",
    "baker is praised",
    "gates close",
]

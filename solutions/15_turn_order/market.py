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
    # turn 1: market() runs until something makes it wait, and greet() does not
    "gates open",
    "good morning",
    # turn 2: whoever was ready, in the order in which they became ready
    "baker unpacks",
    "bell",
    "first customer",
    # turn 3
    "baker sells",
    # turn 4: first what the baker asked for, then what the baker's end set off
    "baker is praised",
    "gates close",
]

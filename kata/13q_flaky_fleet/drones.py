"""A fleet of drones takes pictures of a coast. Some turn back early, and now and then there is an emergency."""

import asyncio
from collections.abc import Awaitable, Callable


class LowBattery(Exception):  # given
    """A drone turns back by itself. No harm done."""


async def survey(fly: Callable[[str], Awaitable[str]], drones: list[str]) -> dict[str, str | None]:
    """The picture from every drone, and None from one whose battery was low; all fly at the same time.

    `fly(drone)` returns a picture or raises. What it raises may be one error, or a group of errors, or groups
    in groups. LowBattery errors concern nobody else and never reach the caller. Every other error is an
    emergency: the other drones are called back at once, and when all of them have landed, every emergency
    goes on to the caller, on its own or in an ExceptionGroup.
    """
    # TODO: there is more than one mistake below.
    pictures: dict[str, str | None] = {}
    flights = [asyncio.create_task(fly(drone)) for drone in drones]
    answers = await asyncio.gather(*flights, return_exceptions=True)
    for drone, answer in zip(drones, answers, strict=True):
        if isinstance(answer, LowBattery):
            pictures[drone] = None
        elif isinstance(answer, Exception):
            raise answer
        else:
            pictures[drone] = answer
    return pictures

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
    pictures: dict[str, str | None] = dict.fromkeys(drones)

    async def flight(drone: str) -> None:
        try:
            pictures[drone] = await fly(drone)
        except* LowBattery:  # on its own or in groups; it ends here, and what else there was goes on
            pass

    async with asyncio.TaskGroup() as group:
        for drone in drones:
            group.create_task(flight(drone))
    return pictures

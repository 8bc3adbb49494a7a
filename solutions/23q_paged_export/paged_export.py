"""Export the rows of a shop, page by page, and leave no session behind."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Protocol


class Shop(Protocol):  # given
    async def login(self) -> int: ...

    async def page(self, session: int, number: int) -> list[str]:
        """The rows of page 0, 1, 2, …; an empty page comes after the last one."""

    async def logout(self, session: int) -> None: ...


async def rows(shop: Shop, patience: float) -> AsyncGenerator[str, None]:
    """Every row of the shop. TimeoutError when a page takes longer than `patience` seconds."""
    session = await shop.login()
    try:
        number = 0
        while page := await asyncio.wait_for(shop.page(session, number), patience):  # the page only, not the yield
            for row in page:
                yield row
            number += 1
    finally:
        await shop.logout(session)


async def export(shop: Shop, most: int, save: Callable[[str], Awaitable[None]], patience: float) -> int:
    """Save the rows of the shop in their order, `most` at the most (1 or more), and return how many were saved."""
    saved = 0
    async with aclosing(rows(shop, patience)) as stream:  # leaving the loop early does not end the generator
        async for row in stream:
            await save(row)
            saved += 1
            if saved == most:
                break
    return saved

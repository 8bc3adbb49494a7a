"""Export the rows of a shop, page by page, and leave no session behind."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Protocol


class Shop(Protocol):  # given
    async def login(self) -> int: ...

    async def page(self, session: int, number: int) -> list[str]:
        """The rows of page 0, 1, 2, …; an empty page comes after the last one."""

    async def logout(self, session: int) -> None: ...


async def rows(shop: Shop, patience: float) -> AsyncGenerator[str, None]:
    """Every row of the shop. TimeoutError when a page takes longer than `patience` seconds."""
    # TODO: this works as long as everybody reads to the end and every page comes.
    session = await shop.login()
    number = 0
    while page := await shop.page(session, number):
        for row in page:
            yield row
        number += 1
    await shop.logout(session)


async def export(shop: Shop, most: int, save: Callable[[str], Awaitable[None]], patience: float) -> int:
    """Save the rows of the shop in their order, `most` at the most (1 or more), and return how many were saved."""
    saved = 0
    async for row in rows(shop, patience):
        await save(row)
        saved += 1
        if saved == most:
            break
    return saved

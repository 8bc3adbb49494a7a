"""A tea shop that asks a slow catalogue for each price once."""

from collections.abc import Awaitable, Callable


async def price_of(item: str, look_up: Callable[[str], Awaitable[int]], known: dict[str, int]) -> int:
    """The price of `item`, in cents; from `known` if it is there, else looked up and put there."""
    if item not in known:
        known[item] = await look_up(item)  # keep the result: a coroutine can be awaited once only
    return known[item]

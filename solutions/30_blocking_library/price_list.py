"""Prices from a supplier whose client library knows nothing of asyncio."""

import asyncio
from collections.abc import Callable


async def price_list(price: Callable[[str], int], articles: list[str]) -> list[int]:
    """The price of every article, in the order of `articles`.

    `price(article)` is a plain function that waits for the network. Several threads may call it at once.
    """
    # Each call waits in a thread of its own; the loop's thread only waits for them, and is free meanwhile.
    return await asyncio.gather(*(asyncio.to_thread(price, article) for article in articles))

"""Prices from a supplier whose client library knows nothing of asyncio."""

from collections.abc import Callable


async def price_list(price: Callable[[str], int], articles: list[str]) -> list[int]:
    """The price of every article, in the order of `articles`.

    `price(article)` is a plain function that waits for the network. Several threads may call it at once.
    """
    # TODO: while the library waits for its answer, the whole event loop waits with it.
    return [price(article) for article in articles]

# fails: test_nothing_stays_open
# looks like: the session belongs to the module, and stays open when covers() is over
"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


session = None


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    turn = asyncio.Semaphore(at_once)
    global session
    if session is None:
        session = aiohttp.ClientSession()
    return await asyncio.gather(*(cover(url, turn, patience) for url in urls))


async def cover(url: str, turn: asyncio.Semaphore, patience: float) -> bytes | None:
    async with turn:
        try:
            async with session.get(url, timeout=aiohttp.ClientTimeout(patience)) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return None

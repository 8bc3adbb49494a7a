# fails: test_nothing_stays_open
# looks like: the session is never closed, and its connections stay open with it
"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    turn = asyncio.Semaphore(at_once)
    session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(patience))
    return await asyncio.gather(*(cover(session, url, turn) for url in urls))


async def cover(session: aiohttp.ClientSession, url: str, turn: asyncio.Semaphore) -> bytes | None:
    async with turn:
        try:
            async with session.get(url) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return None

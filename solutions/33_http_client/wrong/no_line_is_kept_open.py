# fails: test_a_connection_is_used_again
# looks like: there is one session, and it was told to close each connection after its request
"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    turn = asyncio.Semaphore(at_once)
    pool = aiohttp.TCPConnector(force_close=True)
    async with aiohttp.ClientSession(connector=pool, timeout=aiohttp.ClientTimeout(patience)) as session:
        return await asyncio.gather(*(cover(session, url, turn) for url in urls))


async def cover(session: aiohttp.ClientSession, url: str, turn: asyncio.Semaphore) -> bytes | None:
    async with turn:
        try:
            async with session.get(url) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return None

# fails: test_each_request_has_its_own_patience
# looks like: the pool has the limit, and the time in its queue uses up the patience of a request
"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    pool = aiohttp.TCPConnector(limit=at_once)
    async with aiohttp.ClientSession(connector=pool, timeout=aiohttp.ClientTimeout(patience)) as session:
        return await asyncio.gather(*(cover(session, url) for url in urls))


async def cover(session: aiohttp.ClientSession, url: str) -> bytes | None:
    try:
        async with session.get(url) as response:
            response.raise_for_status()
            return await response.read()
    except (aiohttp.ClientError, TimeoutError):
        return None

# fails: test_a_connection_is_used_again test_as_many_at_once_as_allowed
# looks like: each picture has a semaphore of its own, and nobody else waits at it
"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(patience)) as session:
        return await asyncio.gather(*(cover(session, url, at_once) for url in urls))


async def cover(session: aiohttp.ClientSession, url: str, at_once: int) -> bytes | None:
    async with asyncio.Semaphore(at_once):
        try:
            async with session.get(url) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return None

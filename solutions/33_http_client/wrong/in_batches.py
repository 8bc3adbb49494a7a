# fails: test_as_many_at_once_as_allowed
# looks like: the next batch begins when the slowest picture of the last one is there, and the server has little to do
"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    turn, pictures = asyncio.Semaphore(at_once), []
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(patience)) as session:
        for first in range(0, len(urls), at_once):
            batch = urls[first : first + at_once]
            pictures += await asyncio.gather(*(cover(session, url, turn) for url in batch))
        return pictures


async def cover(session: aiohttp.ClientSession, url: str, turn: asyncio.Semaphore) -> bytes | None:
    async with turn:
        try:
            async with session.get(url) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return None

# fails: test_a_connection_is_used_again test_as_many_at_once_as_allowed
# looks like: the turn is over when an answer begins, and the picture is read without one
"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    turn = asyncio.Semaphore(at_once)
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(patience)) as session:
        return await asyncio.gather(*(cover(session, url, turn) for url in urls))


async def cover(session: aiohttp.ClientSession, url: str, turn: asyncio.Semaphore) -> bytes | None:
    try:
        async with turn:
            response = await session.get(url, raise_for_status=True)
        return await response.read()
    except (aiohttp.ClientError, TimeoutError):
        return None

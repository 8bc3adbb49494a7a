"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    turn = asyncio.Semaphore(at_once)
    return await asyncio.gather(*(cover(url, turn, patience) for url in urls))


async def cover(url: str, turn: asyncio.Semaphore, patience: float) -> bytes | None:
    # TODO: for each picture the server has to answer a new call. Who could keep the line open?
    async with turn, aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(patience)) as session:
        try:
            async with session.get(url) as response:
                response.raise_for_status()
                return await response.read()
        except (aiohttp.ClientError, TimeoutError):
            return None

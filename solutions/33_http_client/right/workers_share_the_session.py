"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    pictures: list[bytes | None] = [None] * len(urls)
    left = iter(enumerate(urls))

    async def work() -> None:
        for number, url in left:
            try:
                async with asyncio.timeout(patience), session.get(url, raise_for_status=True) as response:
                    pictures[number] = await response.read()
            except (aiohttp.ClientError, TimeoutError):
                pass

    async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as group:
        for _ in range(at_once):
            group.create_task(work())
    return pictures

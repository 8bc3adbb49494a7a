"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls, at_once, patience):
    turn = asyncio.BoundedSemaphore(at_once)

    async def cover(url):
        async with turn:
            try:
                async with asyncio.timeout(patience):
                    response = await session.get(url)
                    async with response:
                        return await response.read() if response.ok else None
            except (TimeoutError, OSError, aiohttp.ClientError):
                return None

    session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit_per_host=at_once))
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(cover(url)) for url in urls]
    finally:
        await session.close()
    return [task.result() for task in tasks]

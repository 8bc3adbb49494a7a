"""Fetches the covers of many books from the publisher's web server."""

import asyncio

import aiohttp


async def covers(urls, at_once, patience):
    pool = aiohttp.TCPConnector(limit=at_once)
    # Not `total`: that would count the time in the queue of the pool as well.
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=patience, sock_read=patience)
    async with aiohttp.ClientSession(connector=pool, timeout=timeout, raise_for_status=True) as session:
        pictures = await asyncio.gather(*(picture(session, url) for url in urls), return_exceptions=True)
    return [None if isinstance(picture, Exception) else picture for picture in pictures]


async def picture(session, url):
    async with session.get(url) as response:
        return await response.read()

"""Fetches the covers of many books from the publisher's web server."""

import asyncio
from contextlib import suppress

import aiohttp


class Client:
    def __init__(self, patience):
        self.session = aiohttp.ClientSession()
        self.patience = patience

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        await self.session.close()

    async def get(self, url):
        response = await self.session.get(url)
        body = await response.read()
        return body if response.status == 200 else None


async def covers(urls, at_once, patience):
    jobs, pictures = asyncio.Queue(), {}
    for job in enumerate(urls):
        jobs.put_nowait(job)

    async def work(client):
        while not jobs.empty():
            number, url = jobs.get_nowait()
            pictures[number] = None
            with suppress(aiohttp.ClientError, asyncio.TimeoutError):
                pictures[number] = await asyncio.wait_for(client.get(url), patience)

    async with Client(patience) as client:
        await asyncio.gather(*(work(client) for _ in range(at_once)))
    return [pictures[number] for number in range(len(urls))]

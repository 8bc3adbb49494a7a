# fails: test_a_connection_is_used_again test_as_many_at_once_as_allowed test_what_cannot_be_had_is_none test_each_request_has_its_own_patience test_nothing_stays_open
# looks like: the session is closed as soon as the answers begin, and the rest of them never arrives
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
        answers = await asyncio.gather(*(ask(session, url, turn) for url in urls))
    return [answer and await answer.read() for answer in answers]


async def ask(session: aiohttp.ClientSession, url: str, turn: asyncio.Semaphore) -> aiohttp.ClientResponse | None:
    async with turn:
        try:
            return await session.get(url, raise_for_status=True)
        except (aiohttp.ClientError, TimeoutError):
            return None

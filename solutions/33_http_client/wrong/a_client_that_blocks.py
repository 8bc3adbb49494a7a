# fails: test_a_connection_is_used_again test_as_many_at_once_as_allowed test_what_cannot_be_had_is_none test_each_request_has_its_own_patience test_nothing_stays_open
# looks like: urllib waits for the server, and the whole event loop waits with it
"""Fetches the covers of many books from the publisher's web server."""

import asyncio
import urllib.request


async def covers(urls: list[str], at_once: int, patience: float) -> list[bytes | None]:
    """The picture at each of the `urls`, in their order, with `at_once` requests under way and not one more.

    None stands for a picture that cannot be had: the server reports an error, hangs up, or lets us wait for
    more than `patience` seconds. The time that a request waits for its turn does not count.
    """
    turn = asyncio.Semaphore(at_once)
    return await asyncio.gather(*(cover(url, turn) for url in urls))


async def cover(url: str, turn: asyncio.Semaphore) -> bytes | None:
    async with turn:
        try:
            with urllib.request.urlopen(url, timeout=0.01) as response:
                return response.read()
        except OSError:
            return None

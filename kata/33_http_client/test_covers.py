import asyncio
from contextlib import asynccontextmanager

import pytest
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from covers import covers


class Publisher:
    """What the server sees. `/0.6/atlas` is a picture, its second half comes after 0.6 s; `/0.1/404` is an error."""

    def __init__(self) -> None:
        self.busy = self.peak = 0
        self.sent: list[str] = []
        self.connections: set[asyncio.BaseTransport | None] = set()
        self.complaints: list[str] = []  # what aiohttp tells the event loop about things that nobody closed

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        _, seconds, title = request.path.split("/")
        self.connections.add(request.transport)
        self.busy += 1
        self.peak = max(self.peak, self.busy)
        response = web.StreamResponse(status=int(title) if title.isdecimal() else 200)
        if title != "silence":
            await response.prepare(request)
            await response.write(b"picture of ")
        await asyncio.sleep(float(seconds))
        self.busy -= 1
        self.sent.append(title)
        if title in ("silence", "a half"):
            request.transport.abort()
        else:
            await response.write(title.encode())
        return response


@asynccontextmanager
async def serving():
    publisher, loop = Publisher(), asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: publisher.complaints.append(context["message"]))
    try:
        async with RawTestServer(publisher.answer) as server:
            yield publisher, server
    finally:
        loop.set_exception_handler(None)


async def fetch(server: RawTestServer, paths: list[str], at_once: int, patience: float = 300) -> list[str | None]:
    pictures = await covers([str(server.make_url(path)) for path in paths], at_once, patience)
    return [got.decode().removeprefix("picture of ") if isinstance(got, bytes) else got for got in pictures]


@pytest.mark.parametrize(("at_once", "books"), [(1, 4), (3, 12)])
async def test_a_connection_is_used_again(at_once, books):
    async with serving() as (publisher, server):
        await fetch(server, ["/0.1/atlas"] * books, at_once)
    seen = len(publisher.connections)
    assert seen <= at_once, f"{books} pictures, {at_once} at a time, and the server had to accept {seen} connections"


@pytest.mark.parametrize("at_once", [2, 5])
async def test_as_many_at_once_as_allowed(at_once):
    books = [f"book {n}" for n in range(5 * (at_once - 1))]
    async with serving() as (publisher, server):
        got = await fetch(server, ["/0.6/atlas", *(f"/0.1/{book}" for book in books)], at_once)
    assert publisher.peak == at_once, f"{at_once} at once are allowed, and the server was busy with {publisher.peak}"
    last = publisher.sent[-1]
    assert last == "atlas", f"the atlas takes 0.6 s, the others can share 0.5 s, and {last} came even later"
    assert got == ["atlas", *books], f"asked for the atlas, book 0, book 1, ... and got {got}"


async def test_what_cannot_be_had_is_none():
    titles = ["atlas", "404", "500", "silence", "a half", "diary"]
    async with serving() as (_, server):
        got = await fetch(server, [f"/0.1/{title}" for title in titles], 2)
    assert got == ["atlas", None, None, None, None, "diary"], (
        f"the server sent a picture, two errors, no answer, half an answer, a picture: they became {got}"
    )


async def test_each_request_has_its_own_patience():
    async with serving() as (_, server):
        got = await fetch(server, ["/0.6/atlas", "/60/bible", "/0.6/comics", "/0.6/diary"], 2, patience=1)
    assert got == ["atlas", None, "comics", "diary"], (
        f"two at once, each may take 1 s; the bible takes 60 s, the others 0.6 s: atlas, None, ... became {got}"
    )


async def test_nothing_stays_open():
    async with serving() as (publisher, server):
        await fetch(server, ["/0.1/atlas"] * 6, 3)
        await asyncio.sleep(1)
        still_open = len(server.handler.connections)
    assert still_open == 0, f"a second after the last picture, {still_open} connections to the server are still open"
    assert publisher.complaints == [], f"all pictures are there, and aiohttp says: {publisher.complaints}"

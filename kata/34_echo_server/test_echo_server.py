import asyncio
import socket
from contextlib import asynccontextmanager

import pytest
from echo_server import handle


@asynccontextmanager
async def connected():
    """A client's reader and writer, and the server's writer, joined by a real pair of sockets."""
    ours, theirs = socket.socketpair()
    reader, writer = await asyncio.open_connection(sock=ours)
    server = await asyncio.open_connection(sock=theirs)
    serving = asyncio.create_task(handle(*server))
    try:
        yield reader, writer, server[1]
    finally:
        writer.transport.abort()
        server[1].transport.abort()
        serving.cancel()
        await asyncio.wait([serving])


async def answer(reader: asyncio.StreamReader) -> bytes:
    async with asyncio.timeout(0.2):
        return await reader.readline()


@pytest.mark.parametrize("pieces", [[b"hel", b"lo\n"], [b"hello\nwor", b"ld\nbye\n"], [b"a\n\nb\n", b"c" * 25, b"\n"]])
async def test_answers_lines_however_they_arrive(pieces):
    async with connected() as (reader, writer, _):
        for piece in pieces:
            writer.write(piece)
            await asyncio.sleep(0.01)
        for number, line in enumerate(b"".join(pieces).splitlines(), start=1):
            assert await answer(reader) == b"%d: %s\n" % (number, line), f"the client sent {pieces}"


async def test_answers_before_the_client_says_more():
    async with connected() as (reader, writer, _):
        for number, line in enumerate([b"who is there", b"ada", b"ada who"], start=1):
            writer.write(line + b"\n")
            assert await answer(reader) == b"%d: %s\n" % (number, line)


ENDS = [(b"one\ntwo", b"1: one\n2: two\n"), (b"one\n", b"1: one\n"), (b"", b"")]


@pytest.mark.parametrize(("text", "answers"), ENDS)
async def test_the_last_line_needs_no_end(text, answers):
    async with connected() as (reader, writer, server):
        writer.write(text)
        writer.write_eof()  # nothing more to say, and still listening
        async with asyncio.timeout(0.2):
            everything = await reader.read()  # until the server closes
        assert everything == answers, f"the client sent {text!r}, and that was all"
        assert server.is_closing(), "the server says no more, and keeps its side of the connection open"


async def test_a_client_that_does_not_read_fills_no_memory():
    async with connected() as (_, writer, server):
        for _ in range(25):
            writer.write(b"x" * 40_000 + b"\n")
        await asyncio.sleep(0.01)
        kept = server.transport.get_write_buffer_size()
    assert kept < 300_000, f"the client sent 1 MB, reads nothing, and the server keeps {kept:,} bytes for it"

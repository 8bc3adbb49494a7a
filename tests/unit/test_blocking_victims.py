"""Who has to wait for a step that blocks: each way in which a task may wait, before and after it could go on."""

import asyncio
import os
import select
import socket
import ssl
import sys
from asyncio.subprocess import PIPE, create_subprocess_exec
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager, suppress
from time import sleep as nap

import aiohttp
import anyio.abc
import pytest

from redloop import detect

Way = tuple[Awaitable[object], Callable[[], object]]
"""What a task waits for, and what ends that though the loop does not turn."""


@contextmanager
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    one, other = socket.socketpair()
    with one, other:
        one.settimeout(0)
        yield one, other


@asynccontextmanager
async def line() -> AsyncIterator[Way]:
    with pair() as (one, other):
        reader, writer = await asyncio.open_connection(sock=one)
        yield reader.readline(), lambda: other.send(b"\n")
        writer.close()


@asynccontextmanager
async def line_over_tls() -> AsyncIterator[Way]:
    server_tls, client_tls = (ssl.SSLContext(which) for which in (ssl.PROTOCOL_TLS_SERVER, ssl.PROTOCOL_TLS_CLIENT))
    client_tls.check_hostname = False
    for tls in (server_tls, client_tls):
        tls.verify_mode = ssl.CERT_NONE
        tls.maximum_version = ssl.TLSVersion.TLSv1_2
        tls.set_ciphers("aNULL:@SECLEVEL=0")  # those that need no certificate
    peers: asyncio.Queue[asyncio.StreamWriter] = asyncio.Queue()
    server = await asyncio.start_server(lambda _, writer: peers.put_nowait(writer), "127.0.0.1", 0, ssl=server_tls)
    async with server:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), ssl=client_tls)
        peer = await peers.get()
        yield reader.readline(), lambda: peer.write(b"\n")
        peer.transport.abort()
        writer.transport.abort()


@asynccontextmanager
async def room_to_write() -> AsyncIterator[Way]:
    with pair() as (one, other):
        _, writer = await asyncio.open_connection(sock=one)
        writer.write(bytes(10_000_000))
        yield writer.drain(), lambda: other.recv(1_000_000)
        writer.transport.abort()


@asynccontextmanager
async def socket_of_its_own() -> AsyncIterator[Way]:
    with pair() as (one, other):
        yield asyncio.get_running_loop().sock_recv(one, 1), lambda: other.send(b"\n")


@asynccontextmanager
async def reader() -> AsyncIterator[Way]:
    loop, event = asyncio.get_running_loop(), asyncio.Event()
    with pair() as (one, other):
        loop.add_reader(one, event.set)
        yield event.wait(), lambda: other.send(b"\n")
        loop.remove_reader(one)


@asynccontextmanager
async def anyios_stream() -> AsyncIterator[Way]:
    with pair() as (one, other):
        async with await anyio.abc.SocketStream.from_socket(one) as stream:
            yield stream.receive(), lambda: other.send(b"\n")


@asynccontextmanager
async def body_of_an_answer() -> AsyncIterator[Way]:
    def accept() -> socket.socket:
        connection, _ = server.accept()
        connection.recv(10_000)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n")
        return connection

    with socket.create_server(("127.0.0.1", 0)) as server:
        url = f"http://127.0.0.1:{server.getsockname()[1]}"
        async with aiohttp.ClientSession() as session:
            connection, response = await asyncio.gather(asyncio.to_thread(accept), session.get(url))
            with connection:
                yield response.read(), lambda: connection.send(b"1")


@asynccontextmanager
async def line_of_a_child() -> AsyncIterator[Way]:
    child = await create_subprocess_exec("cat", stdin=PIPE, stdout=PIPE)
    assert child.stdin is not None
    assert child.stdout is not None
    stdin = child.stdin.get_extra_info("pipe").fileno()
    stdout = child._transport.get_pipe_transport(1).get_extra_info("pipe")  # type: ignore[attr-defined]

    def answers() -> None:
        os.write(stdin, b"\n")
        select.select([stdout], [], [])

    yield child.stdout.readline(), answers
    child.kill()
    await child.communicate()


@asynccontextmanager
async def end_of_a_child() -> AsyncIterator[Way]:
    loop = asyncio.get_running_loop()
    child = await create_subprocess_exec("sleep", "60")

    def ends() -> None:
        child.kill()
        with suppress(ChildProcessError, AttributeError):  # macOS has it from 3.13 on
            os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
        while sys.version_info < (3, 12) and not loop._ready:  # type: ignore[attr-defined]
            nap(0.001)  # a thread of asyncio's waits for it there

    yield child.wait(), ends
    with suppress(ProcessLookupError):
        child.kill()
    await child.wait()


@asynccontextmanager
async def future() -> AsyncIterator[Way]:
    loop = asyncio.get_running_loop()
    future = loop.create_future()
    yield future, lambda: loop.call_soon(future.set_result, None)


@asynccontextmanager
async def event() -> AsyncIterator[Way]:
    event = asyncio.Event()
    yield event.wait(), lambda: asyncio.get_running_loop().call_later(0, event.set)


@asynccontextmanager
async def item_of_a_queue() -> AsyncIterator[Way]:
    queue: asyncio.Queue[int] = asyncio.Queue()
    yield queue.get(), lambda: asyncio.get_running_loop().call_soon(queue.put_nowait, 1)


@asynccontextmanager
async def room_in_a_queue() -> AsyncIterator[Way]:
    queue: asyncio.Queue[int] = asyncio.Queue(1)
    queue.put_nowait(1)
    yield queue.put(2), lambda: asyncio.get_running_loop().call_soon(queue.get_nowait)


@asynccontextmanager
async def lock() -> AsyncIterator[Way]:
    lock = asyncio.Lock()
    await lock.acquire()
    yield lock.acquire(), lambda: asyncio.get_running_loop().call_soon(lock.release)


WAYS = [
    *(line, line_over_tls, room_to_write, socket_of_its_own, reader, anyios_stream, body_of_an_answer),
    *(line_of_a_child, end_of_a_child, future, event, item_of_a_queue, room_in_a_queue, lock),
]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("goes_on", [True, False])
def test_a_task_had_to_wait_if_it_could_have_gone_on(
    way: Callable[[], AbstractAsyncContextManager[Way]], *, goes_on: bool
) -> None:
    async def wait(what: Awaitable[object]) -> None:
        await what

    async def scenario() -> None:
        async with way() as (what, ends):
            victim = asyncio.create_task(wait(what), name="victim")
            await asyncio.sleep(0.02)
            if goes_on:
                ends()
            nap(0.01)
            victim.cancel()
            with suppress(asyncio.CancelledError):
                await victim

    with detect() as calls:
        asyncio.run(scenario())
    (blocking,) = [call for call in calls if call.call == "time.sleep" and call.function.endswith("scenario")]
    assert blocking.victims == (("victim",) if goes_on else ())

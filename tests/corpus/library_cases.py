# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""Libraries that block on behalf of their caller, and their async siblings. Those that are not installed are left out."""

from __future__ import annotations

import asyncio
import contextlib
import functools
import socket
import threading
import time
from importlib.util import find_spec
from typing import Any

from cases import case
from helpers import FOLDER, LONG, web_server


def needs(*modules: str) -> Any:
    """Add a case only where these are installed; they are imported before its loop runs."""
    if not all(find_spec(module.partition(".")[0]) for module in modules):
        return lambda *_: lambda function: function
    return functools.partial(case, imports=modules)


@contextlib.contextmanager
def server(*answers: tuple[float, bytes]):
    """A server that says something after some seconds, then something at each thing that it hears."""
    listening = socket.create_server(("127.0.0.1", 0))

    def serve() -> None:
        with contextlib.suppress(OSError):
            while True:
                peer, _ = listening.accept()
                threading.Thread(target=talk, args=(peer,), daemon=True).start()

    def talk(peer: socket.socket) -> None:
        with peer, contextlib.suppress(OSError):
            for seconds, answer in answers:
                peer.recv(10_000)
                time.sleep(seconds)
                peer.sendall(answer)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield listening.getsockname()[1]
    finally:
        listening.shutdown(socket.SHUT_RDWR)
        listening.close()


@needs("xmlrpc.client", "xmlrpc.server")("library", "call", "xmlrpc.client.ServerProxy")
async def xmlrpc_method() -> None:
    served = xmlrpc.server.SimpleXMLRPCServer(("127.0.0.1", 0), logRequests=False)
    served.register_function(int, "number")
    threading.Thread(target=served.handle_request, daemon=True).start()
    proxy = xmlrpc.client.ServerProxy(f"http://127.0.0.1:{served.server_address[1]}")
    proxy.number()  # <-
    served.server_close()


@needs("smtplib")("library", "call", "smtplib.SMTP")
async def smtp() -> None:
    with server() as port, contextlib.suppress(OSError):
        smtplib.SMTP("127.0.0.1", port)  # <-


@needs("zipfile")("file", "call", "zipfile.ZipFile")
async def zip_file() -> None:
    zipfile.ZipFile(FOLDER / "empty.zip", "w")  # <-


@needs("requests")("library", "stall", "requests.get")
async def requests_get() -> None:
    with web_server() as address:
        requests.get(f"http://{address}")  # <-


@needs("requests")("library", "call", "requests.get")
async def requests_get_shortly() -> None:
    with web_server(0) as address:
        requests.get(f"http://{address}")  # <-


@needs("requests")("library", "call", "")
async def requests_session() -> None:
    with web_server(0) as address, requests.Session() as session:
        session.get(f"http://{address}").text  # <-


@needs("requests")("library", "call", "")
async def requests_in_a_helper() -> None:
    def fetch(url: str) -> str:
        response = requests.request("GET", url)  # <-
        return response.text

    class Client:
        def __init__(self, url: str) -> None:
            self.url = url

        def load(self) -> str:
            return fetch(self.url)

    with web_server(0) as address:
        Client(f"http://{address}").load()


@needs("requests")("library", "stall")
async def requests_streaming() -> None:
    with web_server(LONG) as address:
        response = requests.get(f"http://{address}", stream=True, timeout=2)  # <-
        response.close()


@needs("httpx")("library", "stall", "httpx.get")
async def httpx_get() -> None:
    with web_server() as address:
        httpx.get(f"http://{address}", trust_env=False)  # <-


@needs("httpx")("library", "call", "")
async def httpx_client() -> None:
    client = await asyncio.to_thread(httpx.Client)
    with web_server(0) as address, client:
        client.get(f"http://{address}")  # <-


@needs("httpx")("library", "stall")
async def httpx_client_slow() -> None:
    client = await asyncio.to_thread(httpx.Client)
    with web_server() as address, client:
        client.post(f"http://{address}/")  # <-


@needs("httpx")("library", "call", "")
async def httpx_stream() -> None:
    client = await asyncio.to_thread(httpx.Client)
    with web_server(0) as address, client:
        with client.stream("GET", f"http://{address}") as response:  # <-
            await asyncio.sleep(0)


@needs("urllib3")("library", "stall")
async def urllib3_pool() -> None:
    with web_server() as address:
        urllib3.PoolManager().request("GET", f"http://{address}")  # <-


@needs("urllib3")("library", "call", "")
async def urllib3_request() -> None:
    with web_server(0) as address:
        urllib3.request("GET", f"http://{address}")  # <-


@needs("redis")("library", "stall")
async def redis_get() -> None:
    with server((LONG, b"$2\r\nok\r\n")) as port:
        redis.Redis(port=port, protocol=2, lib_name=None, lib_version=None).get("key")  # <-


@needs("redis")("library", "call", "")
async def redis_pipeline() -> None:
    with server((0, b"+OK\r\n+QUEUED\r\n*1\r\n+OK\r\n")) as port:
        with redis.Redis(port=port, protocol=2, lib_name=None, lib_version=None).pipeline() as pipeline:
            pipeline.set("a", 1)
            pipeline.execute()  # <-


@needs("pymysql")("library", "stall")
async def pymysql_connect() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        with contextlib.suppress(pymysql.Error):
            port = listening.getsockname()[1]
            pymysql.connect(host="127.0.0.1", port=port, connect_timeout=5, read_timeout=LONG)  # <-


@needs("psycopg2")("library", "stall")
async def psycopg2_connect() -> None:
    with server((LONG, b"")) as port:
        with contextlib.suppress(psycopg2.Error):
            psycopg2.connect(host="127.0.0.1", port=port, user="x", sslmode="disable", gssencmode="disable")  # <-


@needs("psycopg")("library", "stall")
async def psycopg_connect() -> None:
    with server((LONG, b"")) as port:
        with contextlib.suppress(psycopg.Error):
            psycopg.connect(host="127.0.0.1", port=port, user="x", sslmode="disable", gssencmode="disable")  # <-


@needs("numpy")("library", "stall")
async def numpy_product() -> None:
    matrix = numpy.ones((900, 900))
    for _ in range(6):
        matrix = matrix @ matrix / 900  # <-


@needs("numpy")("library", "stall")
async def numpy_sort() -> None:
    numpy.sort(numpy.random.default_rng(1).random(2_000_000))  # <-


# -- their async siblings


@needs("aiohttp")("library", "clean")
async def aiohttp_client() -> None:
    with web_server() as address:
        async with aiohttp.ClientSession() as session, session.get(f"http://{address}") as response:
            await response.text()


@needs("aiohttp.web")("library", "clean")
async def aiohttp_server() -> None:
    async def hello(request: Any) -> Any:
        await asyncio.sleep(0.06)
        return aiohttp.web.Response(text="hello")

    application = aiohttp.web.Application()
    application.router.add_get("/", hello)
    runner = aiohttp.web.AppRunner(application)
    await runner.setup()
    site = aiohttp.web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = site._server.sockets[0].getsockname()[1]
    async with aiohttp.ClientSession() as session:
        for _ in range(20):
            async with session.get(f"http://127.0.0.1:{port}/") as response:
                await response.read()
    await runner.cleanup()


@needs("httpx", "anyio._backends._asyncio")("library", "clean")
async def httpx_async_client() -> None:
    client = await asyncio.to_thread(httpx.AsyncClient)
    with web_server() as address:
        async with client:
            await client.get(f"http://{address}")


@needs("aiosqlite")("library", "clean")
async def aiosqlite_queries() -> None:
    async with aiosqlite.connect(FOLDER / "aiosqlite.db") as connection:
        await connection.execute("create table if not exists t (a)")
        await connection.execute("insert into t values (1)")
        await connection.commit()
        async with connection.execute("select * from t") as rows:
            async for _ in rows:
                pass


@needs("redis.asyncio")("library", "clean")
async def redis_asyncio() -> None:
    with server((LONG, b"$2\r\nok\r\n")) as port:
        client = redis.asyncio.Redis(port=port, protocol=2, lib_name=None, lib_version=None)
        await client.get("key")
        await client.aclose()


@needs("asyncpg")("library", "clean")
async def asyncpg_connect() -> None:
    with server((LONG, b"")) as port:
        with contextlib.suppress(Exception):
            await asyncpg.connect(host="127.0.0.1", port=port, user="x", password="x", ssl=False, timeout=1)


@needs("psycopg")("library", "clean")
async def psycopg_async() -> None:
    with server((LONG, b"")) as port:
        with contextlib.suppress(psycopg.Error):
            await psycopg.AsyncConnection.connect(host="127.0.0.1", port=port, user="x", sslmode="disable")


@needs("requests")("library", "clean")
async def requests_in_a_thread() -> None:
    with web_server() as address:
        await asyncio.to_thread(requests.get, f"http://{address}")

# ruff: noqa: PGH004
# ruff: noqa - what a linter would say of this code is what the corpus is about
"""What the catalogue knows to block, called in a way that returns at once: there is an argument to tell by, or a state."""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import dbm
import fcntl
import importlib
import io
import mmap
import multiprocessing
import os
import pkgutil
import queue
import selectors
import shelve
import shutil
import signal
import socket
import ssl
import subprocess
import threading
import time
import xml.dom

from cases import case
from helpers import FOLDER, connected, later

_FORK = multiprocessing.get_context("fork")
CERTIFICATE = """\
-----BEGIN CERTIFICATE-----
MIIBfjCCASWgAwIBAgIUCFCAXcEvs097rh8Ugg7MwILAUIowCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyOTIyMTIyM1oYDzIxMjYxMTA1
MjIxMjIzWjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAARsAWfV0IsoPOBFABEidN3P/6WasgaTCM9drWkc49ZUI1mfumUmkfcK
Kg8y+KbDXTNrrXFCwoVpobUREKqNFxKUo1MwUTAdBgNVHQ4EFgQUhC28ISB9eDrk
aRAlaHk25ZCz954wHwYDVR0jBBgwFoAUhC28ISB9eDrkaRAlaHk25ZCz954wDwYD
VR0TAQH/BAUwAwEB/zAKBggqhkjOPQQDAgNHADBEAiBng6Guzu1eY9KLg/zFw351
Oq2WvTfRuIulJ3jW7Fq6PAIgZSzHObtl+TPh5glaRJ63Mw6SsCuT1BS5NCbQSM5l
BrQ=
-----END CERTIFICATE-----
"""
PEM = FOLDER / "certificate.pem"
PEM.write_text(CERTIFICATE)


@case("harmless", "clean")
async def flags_of_sockets() -> None:
    with connected(None) as sock:
        with contextlib.suppress(BlockingIOError):
            sock.recv(10, socket.MSG_DONTWAIT)
        with contextlib.suppress(BlockingIOError):
            sock.recvfrom(64, socket.MSG_DONTWAIT | socket.MSG_PEEK)
        with contextlib.suppress(BlockingIOError):
            sock.recv_into(bytearray(10), flags=socket.MSG_DONTWAIT)
        with contextlib.suppress(BlockingIOError):
            sock.recvfrom_into(bytearray(10), 10, socket.MSG_DONTWAIT)
        with contextlib.suppress(BlockingIOError):
            sock.recvmsg(10, 0, socket.MSG_DONTWAIT)
        with contextlib.suppress(BlockingIOError):
            sock.recvmsg_into([bytearray(10)], 0, socket.MSG_DONTWAIT)
        sock.send(b"x", socket.MSG_DONTWAIT)
        sock.sendall(b"x", socket.MSG_DONTWAIT)
        sock.sendmsg([b"x"], [], socket.MSG_DONTWAIT)


@case("socket", "call", "socket.send")
async def sends_as_many_as_the_flag() -> None:
    with connected(None) as sock:
        sock.send(bytes(socket.MSG_DONTWAIT))  # <-


@case("harmless", "clean")
async def connecting_a_datagram_socket() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("127.0.0.1", 9))
        sock.getsockname()


@case("socket", "call", "socket.connect")
async def connecting_a_datagram_socket_by_name() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as sock:
        sock.connect(("localhost", 9))  # <-


@case("harmless", "clean")
async def addresses_that_are_no_names() -> None:
    socket.getaddrinfo("127.0.0.1", 80, flags=socket.AI_NUMERICHOST)
    socket.getaddrinfo("127.0.0.1", 80, 0, 0, 0, socket.AI_NUMERICHOST)
    socket.getnameinfo(("127.0.0.1", 80), socket.NI_NUMERICHOST | socket.NI_NUMERICSERV)


@case("harmless", "clean")
async def copying_in_memory() -> None:
    shutil.copyfileobj(io.BytesIO(b"abc"), io.BytesIO())
    shutil.copyfileobj(fsrc=io.StringIO("abc"), fdst=io.StringIO(), length=2)


@case("file", "call", "shutil.copyfileobj")
async def copying_from_memory() -> None:
    file = await asyncio.to_thread(open, FOLDER / "from_memory", "wb")
    shutil.copyfileobj(io.BytesIO(b"abc"), file)  # <-


@case("harmless", "clean")
async def mapping_of_no_file() -> None:
    with mmap.mmap(-1, 4096) as mapping:
        mapping[0] = 1
        mapping.flush()
        mapping.flush(0, 4096)


@case("harmless", "clean")
async def pipe_that_never_waits() -> None:
    reading, writing = os.pipe2(os.O_NONBLOCK)
    with open(writing, "wb", buffering=0) as file:
        file.write(b"x")
    with open(reading, "rb") as file:
        file.read(1)


@case("harmless", "clean")
async def children_that_go_on() -> None:
    process = await asyncio.to_thread(subprocess.Popen, ["sleep", "0.3"])
    os.wait3(os.WNOHANG)
    os.wait4(process.pid, os.WNOHANG)
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.communicate(timeout=0)
    await asyncio.to_thread(process.wait)


@case("harmless", "clean")
async def children_that_have_ended() -> None:
    process = await asyncio.to_thread(subprocess.Popen, ["true"])
    await asyncio.to_thread(process.wait)
    process.wait(), process.wait(timeout=1), process.poll(), process.communicate()


@case("process", "call", "subprocess.Popen.communicate")
async def what_a_child_has_left() -> None:
    process = await asyncio.to_thread(subprocess.Popen, ["echo"], stdout=subprocess.PIPE)
    await asyncio.to_thread(process.wait)
    process.communicate()  # <-


@case("harmless", "clean")
async def less_than_no_time() -> None:
    selectors.DefaultSelector().select(-1)
    selectors.SelectSelector().select(-1)
    with contextlib.suppress(ValueError):
        time.sleep(-1)
    threading.Event().wait(-1)
    threading.Thread(target=int).is_alive()
    thread = threading.Thread(target=time.sleep, args=(0.1,))
    thread.start()
    thread.join(0), thread.join(-1), thread.join(timeout=0)
    signal.sigtimedwait([], 0)


@case("harmless", "clean")
async def locks_of_files_that_are_tried() -> None:
    file = await asyncio.to_thread(open, FOLDER / "lockf", "w")
    os.lockf(file.fileno(), os.F_TEST, 0)
    os.lockf(file.fileno(), os.F_TLOCK, 0)
    os.lockf(file.fileno(), os.F_ULOCK, 0)
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.lockf(file, fcntl.LOCK_UN)


@case("file", "call", "os.lockf")
async def lock_of_a_file() -> None:
    file = await asyncio.to_thread(open, FOLDER / "lockf", "w")
    os.lockf(file.fileno(), os.F_LOCK, 0)  # <-


@case("harmless", "clean")
async def locks_of_processes_that_are_tried() -> None:
    lock = multiprocessing.Lock()
    lock.acquire()
    lock.acquire(block=False), lock.acquire(False), lock.acquire(True, 0), lock.acquire(timeout=0)


@case("harmless", "clean")
async def certificates_in_memory() -> None:
    context = ssl.create_default_context(cadata=CERTIFICATE)
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=CERTIFICATE)
    context.get_ca_certs()


@case("socket", "call", "ssl.create_default_context")
async def certificates_of_the_system() -> None:
    ssl.create_default_context()  # <-


@case("socket", "call", "ssl.SSLContext.load_verify_locations")
async def certificates_of_a_file() -> None:
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(PEM)  # <-


@case("file", "call", "io.open_code")
async def open_code() -> None:
    io.open_code(str(PEM)).close()  # <-


@case("file", "call", "importlib.reload")
async def reloading() -> None:
    importlib.reload(xml.dom)  # <-


@case("file", "call", "pkgutil.get_data")
async def data_of_a_package() -> None:
    pkgutil.get_data("xml", "__init__.py")  # <-


@case("file", "call", "shelve.open")
async def shelf() -> None:
    shelve.open(str(FOLDER / "shelf")).close()  # <-


@case("file", "call", "dbm.open")
async def database_of_files() -> None:
    dbm.open(str(FOLDER / "dbm"), "c").close()  # <-


@case("process", "call", "os.posix_spawn")
async def spawned() -> None:
    process = os.posix_spawn("/bin/true", ["true"], {})  # <-
    await asyncio.to_thread(os.waitpid, process, 0)


@case("socket", "stall", "os.eventfd_read")
async def event_of_the_kernel() -> None:
    event = os.eventfd(0)
    later(lambda: os.eventfd_write(event, 1))
    os.eventfd_read(event)  # <-


@case("harmless", "clean")
async def modules_that_are_loaded() -> None:
    for name in ("json", "os.path", "asyncio", "xml.dom"):
        importlib.import_module(name)
    importlib.import_module(".dom", "xml")
    __import__("json"), __import__("xml.dom")


@case("harmless", "clean")
async def nobody_to_wait_for() -> None:
    queue.Queue().join()
    threading.Barrier(1).wait()
    future: concurrent.futures.Future[int] = concurrent.futures.Future()
    concurrent.futures.wait([future], timeout=0)
    concurrent.futures.wait([])
    for wait in (future.result, future.exception):
        with contextlib.suppress(TimeoutError):
            wait(timeout=0)
    with contextlib.suppress(TimeoutError):
        list(concurrent.futures.as_completed([future], timeout=0))
    process = _FORK.Process(target=time.sleep, args=(0.1,))
    await asyncio.to_thread(process.start)
    process.join(0), process.join(timeout=-1)
    await asyncio.to_thread(process.join)

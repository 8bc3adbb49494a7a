"""What the cases need from outside the loop: peers on threads, files, a database."""

from __future__ import annotations

import atexit
import os
import shutil
import socket
import tempfile
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import TCPServer
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LONG = 0.08
"""Seconds of a stall."""
FOLDER = Path(tempfile.mkdtemp(prefix="redloop-corpus-"))
tempfile.tempdir = str(FOLDER)  # what the cases make, and some have to leave, goes with it
TEXT = FOLDER / "text"
TEXT.write_text("one line\n" * 3)


@atexit.register
def _tidy_up(made_by: int = os.getpid()) -> None:
    if os.getpid() == made_by:  # and not a child that was forked
        shutil.rmtree(FOLDER, ignore_errors=True)


def later(action: Callable[[], object], seconds: float = LONG) -> threading.Thread:
    """Do something on another thread, after some seconds."""

    def run() -> None:
        time.sleep(seconds)
        action()

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    return thread


@contextmanager
def connected(seconds: float | None = LONG) -> Iterator[socket.socket]:
    """A blocking socket whose peer says something after some seconds, or never."""
    ours, theirs = socket.socketpair()
    if seconds is not None:
        later(lambda: theirs.sendall(b"hello\n"), seconds)
    with ours, theirs:
        yield ours


@contextmanager
def web_server(seconds: float = LONG) -> Iterator[str]:
    """A web server on another thread that takes some seconds for each answer."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            time.sleep(seconds)
            self.send_response(200)
            self.send_header("Content-Length", "2")
            self.end_headers()
            self.wfile.write(b"ok")

        do_POST = do_GET  # noqa: N815 - the base class's name

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def server_bind(self) -> None:
            TCPServer.server_bind(self)  # HTTPServer's asks for the host's name, on the loop's thread
            self.server_name, self.server_port = "localhost", self.server_address[1]

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    try:
        yield f"127.0.0.1:{server.server_port}"
    finally:
        threading.Thread(target=server.shutdown, daemon=True).start()

"""A driver for a thermometer: a question is a line, its answer is a line, in the same order."""

import asyncio
from collections import deque


class Thermometer(asyncio.Protocol):
    def __init__(self) -> None:
        self.waiting: deque[asyncio.Future[str]] = deque()
        self.transport: asyncio.Transport | None = None
        self.rest = bytearray()

    def connection_made(self, transport: asyncio.Transport) -> None:  # given
        self.transport = transport

    def ask(self, question: str) -> asyncio.Future[str]:  # given
        """Send a question; the future gets the answer, without its end of line, or a ConnectionError."""
        self.transport.write(question.encode() + b"\n")
        self.waiting.append(asyncio.get_running_loop().create_future())
        return self.waiting[-1]

    def data_received(self, data: bytes) -> None:
        self.rest += data
        while (end := self.rest.find(b"\n")) >= 0:
            line = self.rest[:end].decode()
            del self.rest[: end + 1]
            future = self.waiting.popleft()
            if not future.cancelled():
                future.set_result(line)

    def connection_lost(self, error: Exception | None) -> None:  # given
        while self.waiting:
            future = self.waiting.popleft()
            if not future.done():
                future.set_exception(error or ConnectionError("the thermometer has hung up"))

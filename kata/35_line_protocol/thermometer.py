"""A driver for a thermometer: a question is a line, its answer is a line, in the same order."""

import asyncio
from collections import deque


class Thermometer(asyncio.Protocol):
    def __init__(self) -> None:
        self.waiting: deque[asyncio.Future[str]] = deque()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # given
        self.transport = transport

    def ask(self, question: str) -> asyncio.Future[str]:  # given
        """Send a question; the future gets the answer, without its end of line, or a ConnectionError."""
        self.transport.write(question.encode() + b"\n")
        self.waiting.append(asyncio.get_running_loop().create_future())
        return self.waiting[-1]

    def data_received(self, data: bytes) -> None:
        """Some bytes have come; they are UTF-8. Hand every line that is whole to whoever has waited longest."""
        # TODO: a piece of data need not be one line, and whoever waited may have gone.
        self.waiting.popleft().set_result(data.decode().strip())

    def connection_lost(self, error: Exception | None) -> None:  # given
        while self.waiting:
            future = self.waiting.popleft()
            if not future.done():
                future.set_exception(error or ConnectionError("the thermometer has hung up"))

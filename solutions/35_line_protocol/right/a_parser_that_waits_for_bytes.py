"""A driver for a thermometer: a question is a line, its answer is a line, and the answers come in the same order."""

import asyncio
from collections import deque


class Thermometer(asyncio.Protocol):
    def __init__(self) -> None:
        self.waiting: deque[asyncio.Future[str]] = deque()
        self.parser = self.parse()
        next(self.parser)

    def connection_made(self, transport: asyncio.Transport) -> None:  # given
        self.transport = transport

    def ask(self, question: str) -> asyncio.Future[str]:  # given
        """Send a question. The future gets the answer, without its end of line, or the error that ended it all."""
        if self.transport.is_closing():
            raise ConnectionError("the thermometer has hung up")
        self.transport.write(question.encode() + b"\n")
        self.waiting.append(asyncio.get_running_loop().create_future())
        return self.waiting[-1]

    def data_received(self, data: bytes) -> None:
        """Some bytes have come; they are UTF-8. Hand every line that is whole to whoever has waited longest."""
        for line in self.parser.send(data):
            answer = self.waiting.popleft()
            if not answer.done():
                answer.set_result(line.decode())

    def parse(self):
        rest, lines = b"", []
        while True:
            rest += yield lines
            *lines, rest = rest.split(b"\n")

    def connection_lost(self, error: Exception | None) -> None:  # given
        """No more bytes will come. Tell all who wait."""
        for answer in self.waiting:
            if not answer.done():
                answer.set_exception(error or ConnectionError("the thermometer has hung up"))
        self.waiting.clear()

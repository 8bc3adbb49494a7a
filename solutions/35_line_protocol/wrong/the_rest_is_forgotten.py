# fails: test_each_question_gets_its_own_answer test_an_answer_is_there_as_soon_as_its_line_is_whole
# looks like: what is left over after the last end of line is thrown away
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
        *lines, _ = data.split(b"\n")
        for line in lines:
            future = self.waiting.popleft()
            if not future.done():
                future.set_result(line.decode())

    def connection_lost(self, error: Exception | None) -> None:  # given
        while self.waiting:
            future = self.waiting.popleft()
            if not future.done():
                future.set_exception(error or ConnectionError("the thermometer has hung up"))

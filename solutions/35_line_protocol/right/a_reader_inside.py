"""A driver for a thermometer: a question is a line, its answer is a line, and the answers come in the same order."""

import asyncio
from collections import deque


class Thermometer(asyncio.Protocol):
    def connection_made(self, transport):
        self.transport = transport
        self.waiting = deque()
        self.reader = asyncio.StreamReader()
        self.reading = asyncio.create_task(self.read())

    def ask(self, question):
        if self.reading.done():
            raise ConnectionError("the thermometer has hung up")
        self.transport.write(f"{question}\n".encode())
        self.waiting.append(asyncio.Future())
        return self.waiting[-1]

    def data_received(self, data):
        self.reader.feed_data(data)

    def eof_received(self):
        self.reader.feed_eof()

    def connection_lost(self, error):
        if error:
            self.reader.set_exception(error)
        else:
            self.reader.feed_eof()

    async def read(self):
        try:
            while True:
                line = await self.reader.readuntil(b"\n")
                answer = self.waiting.popleft()
                if not answer.done():
                    answer.set_result(line[:-1].decode())
        except (OSError, asyncio.IncompleteReadError):
            for answer in self.waiting:
                if not answer.done():
                    answer.set_exception(ConnectionError("the thermometer has hung up"))

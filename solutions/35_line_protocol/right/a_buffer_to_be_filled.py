"""A driver for a thermometer: a question is a line, its answer is a line, and the answers come in the same order."""

import asyncio


class Thermometer(asyncio.BufferedProtocol):
    """The event loop writes the bytes into our buffer, behind those that are there."""

    def __init__(self):
        self.waiting = []
        self.buffer, self.used = bytearray(1000), 0

    def connection_made(self, transport):
        self.transport = transport

    def ask(self, question):
        if self.transport.is_closing():
            raise ConnectionError("the thermometer has hung up")
        self.transport.write(question.encode() + b"\n")
        self.waiting.append(asyncio.get_running_loop().create_future())
        return self.waiting[-1]

    def get_buffer(self, sizehint):
        if self.used == len(self.buffer):
            self.buffer += bytes(len(self.buffer))
        return memoryview(self.buffer)[self.used :]

    def buffer_updated(self, nbytes):
        self.used += nbytes
        while (end := self.buffer.find(b"\n", 0, self.used)) >= 0:
            line = str(self.buffer[:end], "utf-8")
            self.used -= end + 1
            self.buffer[: self.used] = self.buffer[end + 1 : end + 1 + self.used]
            answer = self.waiting.pop(0)
            if not answer.done():
                answer.set_result(line)

    def connection_lost(self, error):
        for answer in self.waiting:
            if not answer.done():
                answer.set_exception(error or ConnectionError("the thermometer has hung up"))

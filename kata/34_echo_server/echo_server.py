"""Answers every line with its number and its text. For `asyncio.start_server(handle, …)`."""

import asyncio


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer `hello` with `1: hello`, the next line with `2: …`; close when the client has sent its last one."""
    number = 0
    # TODO: what is read here need not be one line, and nobody asks whether the client keeps up.
    while data := await reader.read(1000):
        number += 1
        writer.write(b"%d: %s\n" % (number, data.strip()))
    writer.close()

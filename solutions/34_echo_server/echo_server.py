"""Answers every line with its number and its text. For `asyncio.start_server(handle, …)`."""

import asyncio


async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answer `hello` with `1: hello`, the next line with `2: …`; close when the client has sent its last one."""
    number = 0
    try:
        async for line in reader:  # whole lines, and what is left over at the end
            number += 1
            writer.write(b"%d: %s\n" % (number, line.rstrip(b"\n")))
            await writer.drain()  # waits when the client does not keep up: then nothing more is read either
    finally:
        writer.close()
        await writer.wait_closed()

import asyncio


async def handle(reader, writer):
    number, more = 0, True
    while more:
        try:
            line = await reader.readuntil(b"\n")
        except asyncio.IncompleteReadError as error:
            line, more = error.partial, False
        if line:
            number += 1
            writer.write(b"%d: %s\n" % (number, line.removesuffix(b"\n")))
            await writer.drain()
    writer.close()
    await writer.wait_closed()

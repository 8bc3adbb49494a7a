# fails: test_the_last_line_needs_no_end
# looks like: what is left when the stream ends, a line without an end, is thrown away
import asyncio


async def handle(reader, writer):
    number = 0
    try:
        while True:
            line = await reader.readuntil(b"\n")
            number += 1
            writer.write(b"%d: %s\n" % (number, line.rstrip(b"\n")))
            await writer.drain()
    except asyncio.IncompleteReadError:
        writer.close()

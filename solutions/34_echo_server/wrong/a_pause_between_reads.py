# fails: test_answers_lines_however_they_arrive test_the_last_line_needs_no_end
# looks like: it waits for the rest of a message to come, and takes what is there for one line
import asyncio


async def handle(reader, writer):
    number = 0
    while data := await reader.read(100_000):
        await asyncio.sleep(0.05)
        number += 1
        writer.write(b"%d: %s\n" % (number, data.rstrip(b"\n")))
        await writer.drain()
    writer.close()

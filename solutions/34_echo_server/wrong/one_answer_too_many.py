# fails: test_the_last_line_needs_no_end
# looks like: the end of the stream is answered like a line, also when nothing was left
async def handle(reader, writer):
    rest, number = b"", 0
    while data := await reader.read(4096):
        *lines, rest = (rest + data).split(b"\n")
        for line in lines:
            number += 1
            writer.write(b"%d: %s\n" % (number, line))
        await writer.drain()
    writer.write(b"%d: %s\n" % (number + 1, rest))
    await writer.drain()
    writer.close()

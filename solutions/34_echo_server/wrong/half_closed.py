# fails: test_the_last_line_needs_no_end
# looks like: it says that it will write no more, and does not close the connection
async def handle(reader, writer):
    number = 0
    async for line in reader:
        number += 1
        writer.write(b"%d: %s\n" % (number, line.rstrip(b"\n")))
        await writer.drain()
    writer.write_eof()

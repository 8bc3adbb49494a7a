# fails: test_the_last_line_needs_no_end
# looks like: the client has said its last word, and the connection stays open
async def handle(reader, writer):
    number = 0
    async for line in reader:
        number += 1
        writer.write(b"%d: %s\n" % (number, line.rstrip(b"\n")))
        await writer.drain()

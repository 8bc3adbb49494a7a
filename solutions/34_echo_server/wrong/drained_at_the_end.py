# fails: test_a_client_that_does_not_read_fills_no_memory
# looks like: drain() comes after the last line, when everything is in memory already
async def handle(reader, writer):
    number = 0
    while line := await reader.readline():
        number += 1
        writer.write(b"%d: %s\n" % (number, line.rstrip(b"\n")))
    await writer.drain()
    writer.close()

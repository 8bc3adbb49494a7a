# fails: test_a_client_that_does_not_read_fills_no_memory
# looks like: write() never waits, and what the client does not take is kept in memory
async def handle(reader, writer):
    number = 0
    async for line in reader:
        number += 1
        writer.write(b"%d: %s\n" % (number, line.rstrip(b"\n")))
    writer.close()

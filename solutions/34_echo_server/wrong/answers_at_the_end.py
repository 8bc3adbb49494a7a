# fails: test_answers_lines_however_they_arrive test_answers_before_the_client_says_more
# looks like: it reads until the client stops sending, and the client is waiting for an answer
async def handle(reader, writer):
    everything = await reader.read()
    for number, line in enumerate(everything.splitlines(), start=1):
        writer.write(b"%d: %s\n" % (number, line))
        await writer.drain()
    writer.close()

# fails: test_answers_lines_however_they_arrive
# looks like: an empty line looks like the end of the stream once its end of line is stripped off
async def handle(reader, writer):
    number = 0
    while line := (await reader.readline()).strip():
        number += 1
        writer.write(b"%d: %s\n" % (number, line))
        await writer.drain()
    writer.close()

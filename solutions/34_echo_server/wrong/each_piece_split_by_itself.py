# fails: test_answers_lines_however_they_arrive
# looks like: each piece is split into lines by itself, and a line that was cut counts twice
async def handle(reader, writer):
    number = 0
    while data := await reader.read(65536):
        for line in data.splitlines():
            number += 1
            writer.write(b"%d: %s\n" % (number, line))
            await writer.drain()
    writer.close()

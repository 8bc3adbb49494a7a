async def handle(reader, writer):
    number, rest = 0, b""
    try:
        while data := await reader.read(65536):
            *lines, rest = (rest + data).split(b"\n")
            for line in lines:
                number += 1
                writer.write(b"%d: %s\n" % (number, line))
                await writer.drain()
        if rest:
            writer.write(b"%d: %s\n" % (number + 1, rest))
            await writer.drain()
    finally:
        writer.close()

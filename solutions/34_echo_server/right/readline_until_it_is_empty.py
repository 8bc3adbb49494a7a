from itertools import count


async def handle(reader, writer):
    for number in count(1):
        line = await reader.readline()
        if not line:
            break
        writer.write(f"{number}: ".encode() + line.removesuffix(b"\n") + b"\n")
        await writer.drain()
    writer.close()

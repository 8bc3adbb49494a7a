import asyncio
import sqlite3
from concurrent.futures import ThreadPoolExecutor

writer = ThreadPoolExecutor(max_workers=1)


def write(path, names):
    book = sqlite3.connect(path)
    try:
        with book:
            book.executemany("INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])
        return book.execute("SELECT count(*) FROM guest").fetchone()[0]
    finally:
        book.close()


async def sign(path, names):
    return await asyncio.get_running_loop().run_in_executor(writer, write, path, names)

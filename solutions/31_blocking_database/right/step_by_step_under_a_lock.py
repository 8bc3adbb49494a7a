import asyncio
import sqlite3

turn = asyncio.Lock()


async def sign(path, names):
    async with turn:
        book = await asyncio.to_thread(sqlite3.connect, path, check_same_thread=False)
        try:
            await asyncio.to_thread(
                book.executemany, "INSERT INTO guest (name) VALUES (?)", [(name,) for name in names]
            )
            cursor = await asyncio.to_thread(book.execute, "SELECT count(*) FROM guest")
            [guests] = await asyncio.to_thread(cursor.fetchone)
            await asyncio.to_thread(book.commit)
        finally:
            await asyncio.to_thread(book.close)
        return guests

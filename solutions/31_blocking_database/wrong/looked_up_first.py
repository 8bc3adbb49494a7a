# fails: test_all_or_none
# looks like: the names are looked up first and then written one by one, and one that comes twice is only noticed half-way
import asyncio
import sqlite3
from contextlib import closing


def write(path, names):
    with closing(sqlite3.connect(path, isolation_level=None)) as book:
        for name in names:
            if book.execute("SELECT 1 FROM guest WHERE name = ?", (name,)).fetchone():
                raise sqlite3.IntegrityError(name)
        book.executemany("INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])
        [(guests,)] = book.execute("SELECT count(*) FROM guest")
        return guests


async def sign(path, names):
    return await asyncio.to_thread(write, path, names)

# fails: test_all_or_none test_a_party_that_is_refused_takes_nobody_along
# looks like: a name that is in the book already is passed over, and nobody hears of it
import asyncio
import sqlite3
from contextlib import closing


def write(path, names):
    with closing(sqlite3.connect(path)) as book, book:
        book.executemany("INSERT OR IGNORE INTO guest (name) VALUES (?)", [(name,) for name in names])
        return book.execute("SELECT count(*) FROM guest").fetchone()[0]


async def sign(path, names):
    return await asyncio.to_thread(write, path, names)

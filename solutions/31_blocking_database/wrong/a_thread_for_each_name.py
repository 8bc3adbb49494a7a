# fails: test_all_or_none test_a_party_that_is_refused_takes_nobody_along
# looks like: each name is written and committed by itself, and cannot be taken back with the others
import asyncio
import sqlite3
from contextlib import closing


def write(path, name):
    with closing(sqlite3.connect(path)) as book, book:
        book.execute("INSERT INTO guest (name) VALUES (?)", [name])


def count(path):
    with closing(sqlite3.connect(path)) as book:
        return book.execute("SELECT count(*) FROM guest").fetchone()[0]


async def sign(path, names):
    for name in names:
        await asyncio.to_thread(write, path, name)
    return await asyncio.to_thread(count, path)

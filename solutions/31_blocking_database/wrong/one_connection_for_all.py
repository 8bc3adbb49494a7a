# fails: test_a_party_that_is_refused_takes_nobody_along
# looks like: all threads share one connection, so they share its transaction: a rollback for one takes the names of all
import asyncio
import sqlite3

books = {}


def write(path, names):
    if path not in books:
        books[path] = sqlite3.connect(path, check_same_thread=False)
    with books[path] as book:
        book.executemany("INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])
        [(guests,)] = book.execute("SELECT count(*) FROM guest")
        return guests


async def sign(path, names):
    return await asyncio.to_thread(write, path, names)

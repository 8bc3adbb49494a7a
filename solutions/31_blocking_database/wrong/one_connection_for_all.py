# fails: test_a_party_that_is_refused_takes_nobody_along
# looks like: all threads share one connection, so they share its transaction: a rollback for one takes the names of all
import asyncio
import sqlite3
import threading

books = {}
guard = threading.Lock()


def book_of(path):
    with guard:
        if path not in books:
            books[path] = sqlite3.connect(  # a cached statement would be shared by the threads, too
                path, check_same_thread=False, isolation_level=None, cached_statements=0
            )
        return books[path]


def say(book, what):
    """BEGIN where nothing has begun, COMMIT or ROLLBACK where something has."""
    with guard:
        if book.in_transaction == (what != "BEGIN"):
            book.execute(what)


def write(path, names):
    book = book_of(path)
    say(book, "BEGIN")
    try:
        book.executemany("INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])
        [(guests,)] = book.execute("SELECT count(*) FROM guest")
    except sqlite3.Error:
        say(book, "ROLLBACK")
        raise
    say(book, "COMMIT")
    return guests


async def sign(path, names):
    return await asyncio.to_thread(write, path, names)

# fails: test_writes_without_blocking_the_event_loop test_many_may_sign_at_the_same_time test_a_party_that_is_refused_takes_nobody_along
# looks like: the writing went to a thread, and the counting is still on the loop's own
import asyncio
import sqlite3
from contextlib import closing


def write(path, names):
    with closing(sqlite3.connect(path)) as book, book:
        book.executemany("INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])


async def sign(path, names):
    await asyncio.to_thread(write, path, names)
    with closing(sqlite3.connect(path)) as book:
        return book.execute("SELECT count(*) FROM guest").fetchone()[0]

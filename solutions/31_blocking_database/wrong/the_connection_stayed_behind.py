# fails: test_writes_without_blocking_the_event_loop test_all_or_none test_many_may_sign_at_the_same_time test_a_party_that_is_refused_takes_nobody_along
# looks like: the connection was made on the loop's thread, and another thread tried to use it
import asyncio
import sqlite3
from contextlib import closing


async def sign(path, names):
    def write():
        with book:
            book.executemany("INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])
            return book.execute("SELECT count(*) FROM guest").fetchone()[0]

    with closing(sqlite3.connect(path)) as book:
        return await asyncio.to_thread(write)

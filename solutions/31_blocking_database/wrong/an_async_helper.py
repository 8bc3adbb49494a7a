# fails: test_writes_without_blocking_the_event_loop test_all_or_none test_many_may_sign_at_the_same_time test_a_party_that_is_refused_takes_nobody_along
# looks like: the calls moved into another `async def`, and that runs on the same thread
import sqlite3
from contextlib import closing


async def sign(path, names):
    return await write(path, names)


async def write(path, names):
    with closing(sqlite3.connect(path)) as book, book:
        book.executemany("INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])
        return book.execute("SELECT count(*) FROM guest").fetchone()[0]

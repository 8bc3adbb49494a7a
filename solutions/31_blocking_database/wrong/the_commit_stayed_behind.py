# fails: test_writes_without_blocking_the_event_loop test_many_may_sign_at_the_same_time test_a_party_that_is_refused_takes_nobody_along
# looks like: the writing went to a thread, and the commit is still on the loop's own
import asyncio
import sqlite3


async def sign(path, names):
    book = await asyncio.to_thread(sqlite3.connect, path, check_same_thread=False)
    try:
        await asyncio.to_thread(book.executemany, "INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])
        cursor = await asyncio.to_thread(book.execute, "SELECT count(*) FROM guest")
        [guests] = await asyncio.to_thread(cursor.fetchone)
        book.commit()
    finally:
        book.close()
    return guests

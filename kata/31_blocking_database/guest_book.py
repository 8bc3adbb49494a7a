"""A guest book in SQLite, in the middle of an asyncio program."""

import sqlite3
from contextlib import closing


async def sign(path: str, names: list[str]) -> int:
    """Write all of `names` into the guest book, or none, and return how many guests are in it then.

    Raises sqlite3.IntegrityError for a name that is in the book already. The file has a table `guest (name)`.
    """
    # TODO: every line here may wait for the disk, or for somebody else who is writing.
    with closing(sqlite3.connect(path)) as book:
        with book:  # one transaction: a commit at the end, a rollback after an error
            book.executemany("INSERT INTO guest (name) VALUES (?)", [(name,) for name in names])
            [(guests,)] = book.execute("SELECT count(*) FROM guest")
            return guests

import asyncio
import sqlite3
from contextlib import closing

import pytest
from guest_book import sign


@pytest.fixture
def path(tmp_path):
    file = str(tmp_path / "guests.db")
    with closing(sqlite3.connect(file)) as book, book:
        book.execute("CREATE TABLE guest (name TEXT PRIMARY KEY)")
        book.execute("INSERT INTO guest VALUES ('Ada')")
    return file


def guests(path: str) -> list[str]:
    """What is in the file, as somebody else sees it; no event loop is running here."""
    with closing(sqlite3.connect(path)) as book:
        return [name for (name,) in book.execute("SELECT name FROM guest ORDER BY name")]


@pytest.mark.parametrize("names", [["Bob"], ["Cy", "Bob", "Di"]])
def test_writes_without_blocking_the_event_loop(path, names):
    assert asyncio.run(sign(path, names)) == 1 + len(names)
    assert guests(path) == ["Ada", *sorted(names)], "somebody else opened the book, and did not find everyone in it"


@pytest.mark.parametrize("names", [["Bob", "Ada", "Cy"], ["Bob", "Cy", "Bob"]])
def test_all_or_none(path, names):
    with pytest.raises(sqlite3.IntegrityError):
        asyncio.run(sign(path, names))
    assert guests(path) == ["Ada"], f"Ada was in the book, of {names} one is refused, so nobody should be added"


def test_many_may_sign_at_the_same_time(path):
    async def a_busy_evening() -> list[int]:
        return await asyncio.gather(*(sign(path, [f"guest {n}", f"friend of {n}"]) for n in range(4)))

    most = max(asyncio.run(a_busy_evening()))
    assert (most, len(guests(path))) == (9, 9), "four parties of two signed, and Ada was there: the last one counts 9"

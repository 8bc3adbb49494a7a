import asyncio
import sqlite3
import threading
from contextlib import closing, suppress

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
    outcome: object = None
    try:
        outcome = asyncio.run(sign(path, names))
    except sqlite3.IntegrityError as error:
        outcome = error
    refused = isinstance(outcome, sqlite3.IntegrityError)
    assert refused, f"Ada was in the book, of {names} one is refused, and what sign() came to is {outcome!r}"
    assert guests(path) == ["Ada"], f"Ada was in the book, of {names} one is refused, so nobody should be added"


def test_many_may_sign_at_the_same_time(path):
    async def a_busy_evening() -> list[int]:
        return await asyncio.gather(*(sign(path, [f"guest {n}", f"friend of {n}"]) for n in range(4)))

    most = max(asyncio.run(a_busy_evening()))
    assert (most, len(guests(path))) == (9, 9), "four parties of two signed, and Ada was there: the last one counts 9"


class Slow(str):
    """A name that is written slowly: it rings, and waits for somebody else to ring, but not for long."""

    rings = waits_for = threading.Event()

    def __conform__(self, _):  # sqlite3 asks for this on the thread that writes the name
        self.rings.set()
        self.waits_for.wait(timeout=0.5)
        return str(self)


def test_a_party_that_is_refused_takes_nobody_along(path):
    bob_is_in, di_is_refused = threading.Event(), threading.Event()
    cy, di = Slow("Cy"), Slow("Di")
    cy.rings, cy.waits_for = bob_is_in, di_is_refused
    di.waits_for = bob_is_in

    async def sign_with_ada() -> None:
        with suppress(sqlite3.IntegrityError):
            await sign(path, [di, "Ada"])
        di_is_refused.set()

    async def two_parties() -> None:
        await asyncio.gather(sign(path, ["Bob", cy]), sign_with_ada(), return_exceptions=True)

    asyncio.run(two_parties())
    assert guests(path) == ["Ada", "Bob", "Cy"], (
        f"Bob and Cy signed, while Di, who came with Ada, was refused; in the book are {guests(path)}"
    )

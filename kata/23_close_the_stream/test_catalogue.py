import asyncio
from contextlib import suppress

import pytest
from catalogue import find


class Drawer:
    """Gives out a card a second, and takes 2 s to close."""

    def __init__(self, titles: list[str]) -> None:
        self.titles = titles
        self.read: list[str] = []
        self.closed_by: asyncio.Task[None] | None = None

    async def cards(self):
        try:
            for title in self.titles:
                await asyncio.sleep(1)
                self.read.append(title)
                yield title
        finally:
            await asyncio.sleep(2)
            self.closed_by = asyncio.current_task()


async def test_the_drawer_is_closed_by_whoever_opened_it():
    drawer = Drawer(["ants", "bees", "crows"])
    await find(drawer.cards(), lambda card: card == "bees")
    assert drawer.closed_by is not None, "find() has returned, and the drawer is still open"
    here = drawer.closed_by is asyncio.current_task()
    assert here, "the drawer was closed, but in another task"


@pytest.mark.parametrize(("wanted", "cards"), [("ants", 1), ("", 3), ("dodos", 4), ("not there", 4)])
async def test_reads_no_further_than_needed(stopwatch, wanted, cards):
    drawer = Drawer(["ants", "bees", "", "dodos"])  # a card without a title is a card
    with stopwatch() as run:
        found = await find(drawer.cards(), lambda card: card == wanted)
    right = None if wanted == "not there" else wanted
    assert found == right, f"{wanted!r} was wanted in {drawer.titles}, and find() returned {found!r}"
    assert len(drawer.read) == cards, f"{wanted!r} was wanted, and the cards read are {drawer.read}"
    assert run.elapsed == cards + 2, f"{cards} s for {cards} cards and 2 s to close the drawer; it took {run.elapsed} s"


async def test_an_error_closes_the_drawer_too():
    def torn(card: str) -> bool:
        raise LookupError(f"the card of {card} is torn")

    drawer, error = Drawer(["ants", "bees"]), None
    try:
        await find(drawer.cards(), torn)
    except LookupError as raised:
        error = str(raised)
    here = drawer.closed_by is asyncio.current_task()
    assert here, "find() has failed, and the drawer is not closed by its own task"
    assert error == "the card of ants is torn"


async def test_a_cancellation_closes_the_drawer_too():
    drawer = Drawer(["ants", "bees"])
    search = asyncio.create_task(find(drawer.cards(), lambda card: False))
    await asyncio.sleep(1.5)
    search.cancel()
    with suppress(asyncio.CancelledError):
        await search
    assert search.cancelled(), "the search was cancelled, and went on as if nothing had happened"
    there = drawer.closed_by is search
    assert there, "the search was cancelled, and the drawer is not closed by its own task"

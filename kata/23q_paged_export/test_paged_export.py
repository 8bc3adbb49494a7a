import asyncio

import pytest
from paged_export import export


class Shop:
    """A page takes 1 s, or its own number of seconds; a login or a logout takes 1 s."""

    def __init__(self, *pages: list[str], slow: dict[int, float] | None = None, broken: tuple[int, ...] = ()) -> None:
        self.pages = pages
        self.broken = broken
        self.slow = slow or {}
        self.open: list[int] = []
        self.asked: list[int] = []
        self.looking: list[int] = []
        self.given_up: list[int] = []

    async def login(self) -> int:
        await asyncio.sleep(1)
        self.open.append(7)
        return 7

    async def page(self, session: int, number: int) -> list[str]:
        assert session in self.open, f"page {number} was asked for in a session that is not open"
        self.asked.append(number)
        self.looking.append(number)
        try:
            await asyncio.sleep(self.slow.get(number, 1))
        except asyncio.CancelledError:
            self.given_up.append(number)
            raise
        finally:
            self.looking.remove(number)
        if number in self.broken:
            raise LookupError(f"page {number} is broken")
        return self.pages[number] if number < len(self.pages) else []

    async def logout(self, session: int) -> None:
        await asyncio.sleep(1)
        self.open.remove(session)


async def run(shop: Shop, most: int = 99, seconds: float = 0, patience: float = 5) -> tuple[object, list[str]]:
    saved: list[str] = []

    async def save(row: str) -> None:
        await asyncio.sleep(seconds)
        if row == "bad":
            raise ValueError("a row that cannot be saved")
        saved.append(row)

    [outcome] = await asyncio.gather(export(shop, most, save, patience), return_exceptions=True)
    assert shop.open == [], f"export() was over, with {outcome!r}, and its session was still open"
    assert not shop.looking, f"export() was over, and the server was still looking for page {shop.looking[0]}"
    return outcome, saved


@pytest.mark.parametrize(("most", "pages"), [(1, [0]), (2, [0]), (3, [0, 1]), (5, [0, 1]), (99, [0, 1, 2])])
async def test_reads_what_is_needed_and_logs_out(most, pages):
    shop = Shop(["ant", "bee"], ["cat", "dog", "elk"])
    rows = ["ant", "bee", "cat", "dog", "elk"][:most]
    assert await run(shop, most) == (len(rows), rows)
    assert shop.asked == pages, f"{len(rows)} rows were needed, and the pages asked for are {shop.asked}"


async def test_an_empty_shop_is_exported_too():
    outcome, saved = await run(Shop())
    assert (outcome, saved) == (0, []), f"there were no rows, export() ended with {outcome!r}, and saved {saved}"


async def test_an_error_logs_out_too():
    outcome, saved = await run(Shop(["ant", "bad"], ["cat"]))
    assert isinstance(outcome, ValueError), f"saving failed with a ValueError, and the caller got {outcome!r}"
    assert saved == ["ant"]
    outcome, saved = await run(Shop(["ant"], ["bee"], broken=(1,)))
    assert isinstance(outcome, LookupError), f"page 1 failed with a LookupError, and the caller got {outcome!r}"
    assert saved == ["ant"], f"page 0 came before page 1 failed, and of its row these were saved: {saved}"


@pytest.mark.parametrize("patience", [5, 2.5])
async def test_a_page_that_never_comes_is_given_up(stopwatch, patience):
    shop = Shop(["ant"], ["bee"], slow={1: 3600})
    with stopwatch() as watch:
        outcome, saved = await run(shop, patience=patience)
    assert isinstance(outcome, TimeoutError), f"page 1 did not come, and the caller got {outcome!r}"
    assert saved == ["ant"], f"ant was on page 0, which did come, and the rows saved are {saved}"
    assert shop.given_up == [1], f"page 1 did not come, and the pages that were given up are {shop.given_up}"
    due = f"login 1 s, page 0 1 s, patience {patience} s, logout 1 s"
    assert watch.elapsed == 3 + patience, f"{due}; it took {watch.elapsed} s"


async def test_slow_saving_is_no_reason_to_give_up():
    assert await run(Shop(["ant", "bee"], ["cat"], slow={0: 4.5, 1: 4.5}), seconds=20) == (3, ["ant", "bee", "cat"])


@pytest.mark.parametrize("moment", [2.5, 13.5])
async def test_a_cancellation_logs_out_too(moment):
    shop = Shop(["ant"], ["bee"], slow={1: 4})

    async def save(row: str) -> None:
        await asyncio.sleep(10)

    task = asyncio.create_task(export(shop, 99, save, patience=5))
    await asyncio.sleep(moment)  # in the middle of saving, in the middle of waiting for a page
    task.cancel()
    await asyncio.wait([task])
    assert shop.open == [], "the export was cancelled, and its session is still open"
    assert task.cancelled(), "the export was cancelled, and its task does not know"
    assert not shop.looking, f"the export was cancelled, and the server is still looking for page {shop.looking[0]}"

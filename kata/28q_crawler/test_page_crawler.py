import asyncio

from hypothesis import given, strategies as st
from page_crawler import crawl


class Library:
    """Pages that take a second each, and a librarian who counts."""

    def __init__(self, pages: dict[str, list[str]], *, torn: str | None = None) -> None:
        self.pages, self.torn = pages, torn
        self.asked: list[str] = []
        self.in_flight = self.peak = 0

    async def fetch(self, page: str) -> list[str]:
        self.asked.append(page)
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(len(page))
            if page == self.torn:
                raise ValueError(page)
        finally:
            self.in_flight -= 1
        return self.pages[page]

    def reached(self, page: str) -> set[str]:
        known, news = {page}, [page]
        while news:
            fresh = set(self.pages[news.pop()]) - known
            known |= fresh
            news += fresh
        return known


links = st.lists(st.sampled_from(["a", "bb", "c", "ddd", "e"]), max_size=5)
webs = st.fixed_dictionaries({page: links for page in ("a", "bb", "c", "ddd", "e")})


@given(webs, st.integers(1, 3))
async def test_every_page_once(pages, limit):
    library = Library(pages)
    found = await crawl(library.fetch, "a", limit)
    want = sorted(library.reached("a"))
    assert sorted(library.asked) == want, f"{want} can be reached, and these were fetched: {sorted(library.asked)}"
    assert found == {page: pages[page] for page in want}, f"{want} can be reached, and crawl() returned {found}"


@given(st.integers(1, 6), st.integers(1, 12))
async def test_as_many_as_allowed(stopwatch, limit, count):
    leaves = [chr(ord("b") + number) for number in range(count)]
    library = Library({"a": leaves} | {leaf: ["a", *leaves] for leaf in leaves})
    with stopwatch() as run:
        await crawl(library.fetch, "a", limit)
    best = 1 + -(-count // limit)
    peak = max(1, min(limit, count))
    assert library.peak == peak, f"{count} pages, {limit} at a time: and {library.peak} were fetched at the same time"
    assert run.elapsed == best, f"1 + {count} pages, {limit} at a time: {best} s do, and it took {run.elapsed} s"


async def test_a_slow_page_holds_up_no_other(stopwatch):
    chain = {"a": ["slowpages", "b"], "b": ["c"], "c": ["d"], "d": ["e"], "e": ["ffff"]}
    library = Library(chain | {"ffff": [], "slowpages": []})
    with stopwatch() as run:
        await crawl(library.fetch, "a", 2)
    assert run.elapsed == 10.0, f"the slow page takes 9 s, the others 8 s beside it: 10 s, and it took {run.elapsed} s"


@given(st.sampled_from([("a", 1), ("bb", 3), ("c", 2)]))
async def test_an_error_ends_it_all(stopwatch, failure):
    torn, seconds = failure
    library = Library({"a": ["bb", "c", "slowpages"], "bb": [], "c": [], "slowpages": []}, torn=torn)
    error = None
    with stopwatch() as run:
        try:
            await crawl(library.fetch, "a", 3)
        except (ExceptionGroup, ValueError) as raised:
            error = raised
        left = library.in_flight
    assert error is not None, f"the page {torn} is torn, which is a ValueError, and crawl() ended without one"
    assert run.elapsed == seconds, f"{torn} failed after {seconds} s, and the caller heard of it after {run.elapsed} s"
    assert not left, f"the error of {torn} came, and {left} pages were still being fetched"

import asyncio

from dashboard import dashboard
from hypothesis import given, strategies as st


class Server:
    """Answers each panel after its own number of seconds, and remembers what it was asked."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds
        self.asked: list[str] = []
        self.in_flight = self.peak = 0

    async def fetch(self, panel: str) -> str:
        self.asked.append(panel)
        self.in_flight += 1
        self.peak = max(self.peak, self.in_flight)
        try:
            await asyncio.sleep(self.seconds[panel])
        finally:
            self.in_flight -= 1
        return f"{panel} took {self.seconds[panel]} s"


async def test_takes_as_long_as_the_slowest(stopwatch):
    server = Server({"users": 3.0, "orders": 1.0, "mail": 2.0})
    with stopwatch() as run:
        await dashboard(server.fetch, ["users", "orders", "mail"])
    assert run.elapsed == 3.0, f"the slowest panel takes 3.0 s, and the page took {run.elapsed} s"
    assert server.peak == 3, f"of 3 panels, at most {server.peak} were being fetched at the same time"


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(1, 9), min_size=1, max_size=5))
async def test_keeps_the_order_of_the_request(seconds):
    page = await dashboard(Server(seconds).fetch, list(seconds))
    assert page == [f"{panel} took {wait} s" for panel, wait in seconds.items()]


async def test_asks_for_each_panel_once():
    server = Server({"users": 3.0, "orders": 1.0, "mail": 2.0})
    await dashboard(server.fetch, ["users", "orders", "mail"])
    assert sorted(server.asked) == ["mail", "orders", "users"], f"the server was asked for {server.asked}"


async def test_a_long_page_takes_no_longer(stopwatch):
    server = Server({f"panel {number}": float(number % 4 + 1) for number in range(50)})
    with stopwatch() as run:
        await dashboard(server.fetch, list(server.seconds))
    assert run.elapsed == 4.0, f"no panel takes more than 4.0 s, and a page of 50 panels took {run.elapsed} s"

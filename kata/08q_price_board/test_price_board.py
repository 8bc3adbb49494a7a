import asyncio
import gc
import weakref

import pytest
from hypothesis import given, strategies as st
from price_board import PriceBoard


class Market:
    """Stalls that take their time, and a crier, a second for each letter, who holds nobody while he is silent."""

    def __init__(self, **seconds: int) -> None:
        self.seconds = seconds
        self.asked: list[str] = []
        self.heard: list[str] = []
        self.speaking = False
        self.silent: weakref.WeakSet[asyncio.Future[None]] = weakref.WeakSet()
        self.board = PriceBoard(self.ask, self.call)

    async def ask(self, name: str) -> int:
        self.asked.append(name)
        await asyncio.sleep(self.seconds[name])
        return 100 * self.seconds[name]

    async def call(self, news: str) -> None:
        if not self.speaking:
            voice = asyncio.get_running_loop().create_future()
            self.silent.add(voice)
            await voice
        await asyncio.sleep(len(news))
        self.heard.append(news)

    def speak(self, error: Exception | None = None) -> None:
        self.speaking = True
        for voice in list(self.silent):
            voice.set_exception(error) if error else voice.set_result(None)


@pytest.fixture(autouse=True)
def collect_only_when_asked():
    gc.disable()
    gc.freeze()  # gc.collect() then looks only at what the test makes, and holds up nobody
    yield
    gc.unfreeze()
    gc.enable()


@given(st.permutations(["figs", "eels", "tea", "rope"]), st.permutations([1, 2, 3, 9]))
async def test_all_prices_at_once_and_each_in_its_place(stopwatch, names, seconds):
    market = Market(**dict(zip(names, seconds, strict=True)))
    with stopwatch() as run:
        prices = await market.board.refresh(names)
    right = [100 * each for each in seconds]
    assert prices == right, f"{names} cost {right}, and the board says {prices}"
    assert market.board.prices == dict(zip(names, right, strict=True))
    assert run.elapsed == 9.0, f"the slowest stall takes 9.0 s, and the board took {run.elapsed} s"


async def test_a_price_is_a_number_and_asked_for_once():
    market = Market(tea=3, water=0)
    prices = [await market.board.price(name) for name in ["tea", "water", "tea", "water"]]
    assert prices == [300, 0, 300, 0], f"tea costs 300, water nothing, and the board says {prices}"
    remembered = market.board.prices
    assert remembered == {"tea": 300, "water": 0}, f"tea costs 300, water nothing; remembered is {remembered}"
    assert market.asked == ["tea", "water"], f"two prices were wanted, and the stalls were asked for {market.asked}"
    market.seconds["tea"] = 4
    prices = [*await market.board.refresh(["tea"]), await market.board.price("tea")]
    assert prices == [400, 400], f"tea went up from 300 to 400; refresh and price say {prices}"


async def test_all_news_is_heard():
    market = Market()
    for news in ["fresh figs", "no eels today", "fresh figs"]:
        market.board.call_out(news)
    await asyncio.sleep(1)
    gc.collect()
    market.speak()
    await asyncio.sleep(60)
    assert sorted(market.heard) == ["fresh figs", "fresh figs", "no eels today"], (
        f"figs were called out twice and eels once; heard were {market.heard}"
    )
    await market.board.close()


async def test_close_waits_for_what_is_being_called_out(stopwatch):
    market = Market()
    with stopwatch() as run:
        await market.board.close()
    assert run.elapsed == 0.0, f"nothing was being called out, and close took {run.elapsed} s"
    for news in ["no figs left", "we close", "bye"]:
        market.board.call_out(news)
    asyncio.get_running_loop().call_later(5.03, market.speak)
    with stopwatch() as run:
        await market.board.close()
    await asyncio.sleep(60)
    assert run.elapsed == 17.03, f"the last of three news was out after 17.03 s, and close took {run.elapsed} s"


@pytest.mark.parametrize("wait", [60, 1])  # long after the error; while the news is being called out
async def test_close_tells_what_went_wrong(wait):
    market = Market()
    market.board.call_out("fresh figs")
    asyncio.get_running_loop().call_later(5, market.speak, OSError("the crier has lost his voice"))
    await asyncio.sleep(wait)
    [outcome] = await asyncio.gather(market.board.close(), return_exceptions=True)
    failed = isinstance(outcome, OSError | ExceptionGroup)  # a group is as good
    assert failed, f"the crier lost his voice after 5 s, close was called after {wait} s, and gave {outcome!r}"

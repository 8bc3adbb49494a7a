import asyncio
import threading
from contextlib import suppress

from price_list import price_list


class Supplier:
    """Each call rings the event loop and waits, a second at the most, until it answers; then for the other calls.

    Whoever asked last has the answer first.
    """

    def __init__(self, prices: dict[str, int]) -> None:
        self.prices = prices
        self.loop = asyncio.get_running_loop()
        self.loop_stood_still = False
        self.asked: list[str] = []
        self.together = threading.Barrier(len(prices))
        self.has_answer = {article: threading.Event() for article in prices}

    def price(self, article: str) -> int:
        self.asked.append(article)
        answered = threading.Event()
        self.loop.call_soon_threadsafe(answered.set)
        if self.loop_stood_still or not answered.wait(timeout=1):
            self.loop_stood_still = True
        answer = self.prices[article]
        if not self.loop_stood_still:
            with suppress(threading.BrokenBarrierError):
                self.together.wait(timeout=1)
                order = list(self.prices)
                for later in order[order.index(article) + 1 :]:
                    self.has_answer[later].wait(timeout=1)
                self.has_answer[article].set()
        return answer


async def test_the_event_loop_goes_on():
    supplier = Supplier({"bolt": 3})
    assert await price_list(supplier.price, ["bolt"]) == [3]
    assert not supplier.loop_stood_still, "while the library waited for its answer, the event loop ran nothing at all"


async def test_asks_for_all_prices_at_the_same_time():
    supplier = Supplier({"nail": 1, "saw": 20, "axe": 35, "glue": 4})
    prices = await price_list(supplier.price, ["nail", "saw", "axe", "glue"])
    together = not (supplier.loop_stood_still or supplier.together.broken)
    assert together, "four articles, and there was no moment at which all four were being asked for"
    assert prices == [1, 20, 35, 4], f"a nail is 1, a saw 20, an axe 35, glue 4: asked for in this order, came {prices}"
    assert sorted(supplier.asked) == ["axe", "glue", "nail", "saw"], f"asked for: {supplier.asked}"


async def test_an_error_reaches_the_caller():
    supplier = Supplier({"bolt": 3})
    task = asyncio.create_task(price_list(supplier.price, ["unicorn"]))
    await asyncio.wait([task])
    error = task.exception()
    while isinstance(error, ExceptionGroup):  # what a TaskGroup makes of it
        error = error.exceptions[0]
    assert isinstance(error, KeyError), f"the library has no unicorn, and what price_list() raised is {error!r}"

import asyncio

from hypothesis import example, given, strategies as st
from prices import price_of


class Catalogue:
    """Takes two seconds for each look-up, and remembers what it was asked."""

    def __init__(self, prices: dict[str, int]) -> None:
        self.prices = prices
        self.asked: list[str] = []

    async def price(self, item: str) -> int:
        self.asked.append(item)
        await asyncio.sleep(2)
        return self.prices[item]


async def test_the_price_is_a_number():
    price = await price_of("tea", Catalogue({"tea": 350}).price, {})
    assert price == 350, f"tea costs 350, and price_of gave {price!r}"


@example({"water": 0})  # that is a price, too
@given(st.dictionaries(st.sampled_from(["tea", "milk", "scone"]), st.integers(0, 999), min_size=1))
async def test_remembers_the_number(prices):
    catalogue, known = Catalogue(prices), {}
    bill = [await price_of(item, catalogue.price, known) for item in [*prices, *prices]]
    assert bill == [*prices.values(), *prices.values()]
    assert known == prices, f"the prices are {prices}, and what was remembered is {known}"
    assert catalogue.asked == list(prices), f"{prices}, each wanted twice; looked up were {catalogue.asked}"


async def test_takes_as_long_as_one_look_up(stopwatch):
    known = {}
    with stopwatch() as run:
        await price_of("tea", Catalogue({"tea": 350}).price, known)
        await price_of("tea", Catalogue({"tea": 350}).price, known)
    assert run.elapsed == 2.0, f"a look-up takes 2.0 s and happens once; two calls took {run.elapsed} s"


async def test_an_error_is_not_remembered():
    known = {}
    [outcome] = await asyncio.gather(price_of("cake", Catalogue({}).price, known), return_exceptions=True)
    failed = isinstance(outcome, KeyError | ExceptionGroup)  # a group is what a TaskGroup makes of the KeyError
    assert failed, f"the catalogue has no cake, and price_of gave {outcome!r}"
    assert known == {}, f"the look-up failed, and what was remembered is {known}"

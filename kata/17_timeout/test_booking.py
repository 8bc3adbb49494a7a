import asyncio

import pytest
from booking import offer
from hypothesis import given, strategies as st


class SoldOut(Exception):
    """There is no seat."""


class Railway:
    """Answers "seat" and "price of ..." after their own seconds, or not at all when it is sold out."""

    def __init__(self, seat: float, price: float, *, sold_out: bool = False) -> None:
        self.seat, self.price, self.sold_out = seat, price, sold_out
        self.under_way: list[str] = []

    async def ask(self, question: str) -> str:
        self.under_way.append(question)
        try:
            await asyncio.sleep(self.seat if question == "seat" else self.price)
            if self.sold_out:
                raise SoldOut
            return f"12A for {self.seat} s" if question == "seat" else f"{question}, {self.price} s"
        finally:
            self.under_way.remove(question)


async def ask_for_an_offer(railway: Railway, limit: float) -> str:
    try:
        return await offer(railway.ask, limit, f"no offer within {limit} s")
    except TimeoutError:
        return "a TimeoutError that nobody caught"


@pytest.mark.parametrize(("seat", "price", "limit"), [(20, 1, 3.0), (1, 50, 4.5)])
async def test_too_slow_gives_the_other_answer(stopwatch, seat, price, limit):
    railway = Railway(seat, price)
    with stopwatch() as run:
        answer = await ask_for_an_offer(railway, limit)
    await asyncio.sleep(100)
    assert answer == f"no offer within {limit} s", f"after {limit} s the caller should have an answer, and got {answer}"
    assert run.elapsed == limit, f"the limit was {limit} s, and offer() took {run.elapsed} s"


async def test_the_question_is_stopped():
    railway = Railway(1, 50)
    await ask_for_an_offer(railway, 2.5)
    left = list(railway.under_way)
    await asyncio.sleep(100)
    assert left == [], f"offer() was over, and still asking for: {left}"


@pytest.mark.parametrize(("seat", "price", "limit"), [(2, 2, 3.0), (4, 3, 5.0)])
async def test_the_limit_is_for_both_together(seat, price, limit):
    answer = await ask_for_an_offer(Railway(seat, price), limit)
    await asyncio.sleep(100)
    assert answer == f"no offer within {limit} s", (
        f"{seat} s and {price} s are more than {limit} s, and the caller got: {answer}"
    )


@given(st.integers(1, 9), st.integers(1, 9))
async def test_in_time_gives_the_price(stopwatch, seat, price):
    with stopwatch() as run:
        answer = await ask_for_an_offer(Railway(seat, price), limit=seat + price + 0.5)
    assert answer == f"price of 12A for {seat} s, {price} s", f"{seat} s and {price} s were within the limit"
    assert run.elapsed == seat + price


async def test_other_errors_go_on():
    with pytest.raises(SoldOut):
        await offer(Railway(1, 1, sold_out=True).ask, 5.0, "no offer")


async def test_a_cancellation_goes_on():
    railway = Railway(2, 2)
    task = asyncio.create_task(offer(railway.ask, 3.0, "no offer"))
    await asyncio.sleep(1)
    task.cancel()
    await asyncio.wait([task])
    left = list(railway.under_way)
    await asyncio.sleep(100)
    assert task.cancelled(), "offer() was cancelled from outside, and it went on as if its own limit had been over"
    assert left == [], f"offer() was cancelled and over, and still asking for: {left}"

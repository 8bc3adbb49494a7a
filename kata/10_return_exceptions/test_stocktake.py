import asyncio

from hypothesis import given, strategies as st
from stocktake import stocktake


class Flooded(Exception):
    """Nobody can get in to count."""


class Warehouses:
    """The first one answers after 1 s, the second after 2 s, the last one first of all; an error is raised."""

    def __init__(self, answers: dict[str, int | None | Exception]) -> None:
        self.answers = answers
        self.asked: list[str] = []

    async def count(self, name: str) -> int | None:
        self.asked.append(name)
        *early, last = self.answers
        await asyncio.sleep(0.5 if name == last else 1 + early.index(name))
        answer = self.answers[name]
        if isinstance(answer, Exception):
            raise answer
        return answer


def offline() -> Warehouses:
    errors = {"bari": ConnectionError("no route"), "cork": TimeoutError("no answer"), "dole": Flooded("to the knee")}
    return Warehouses({"aden": 12, **errors, "evora": 7, "faro": ValueError("-3 boxes"), "gent": 30})


async def test_an_error_is_not_a_count():
    warehouses = offline()
    stock = await stocktake(warehouses.count, list(warehouses.answers))
    errors = {name: answer for name, answer in warehouses.answers.items() if isinstance(answer, Exception)}
    counts = {name: answer for name, answer in warehouses.answers.items() if name not in errors}
    assert stock.counted == counts, f"three warehouses counted their boxes, but `counted` is {stock.counted}"
    assert stock.failed == errors, f"four warehouses raised an error, but `failed` is {stock.failed}"


async def test_every_warehouse_is_asked_once_and_listed_once():
    warehouses = offline()
    stock = await stocktake(warehouses.count, list(warehouses.answers))
    assert sorted(warehouses.asked) == list(warehouses.answers), "each warehouse is to be asked once"
    listed = sorted([*stock.counted, *stock.failed])
    assert listed == list(warehouses.answers), "each warehouse is to be in `counted` or in `failed`, and in one only"


@given(st.dictionaries(st.text("abcdef", min_size=1), st.sampled_from([0, None, 1, 144]), min_size=1, max_size=6))
async def test_zero_and_none_are_answers(answers):
    stock = await stocktake(Warehouses(answers).count, list(answers))
    assert (stock.counted, stock.failed) == (answers, {}), "every warehouse has answered, and none has failed"


async def test_takes_as_long_as_the_slowest(stopwatch):
    warehouses = offline()
    with stopwatch() as run:
        await stocktake(warehouses.count, list(warehouses.answers))
    assert run.elapsed == 6.0, "the slowest warehouse needs 6 s; nobody stops early, and nobody waits for another"
    many = Warehouses({f"hall {number}": number for number in range(50)})
    with stopwatch() as run:
        await stocktake(many.count, list(many.answers))
    assert run.elapsed == 49.0, f"the slowest of 50 warehouses needs 49 s, and the report took {run.elapsed} s"

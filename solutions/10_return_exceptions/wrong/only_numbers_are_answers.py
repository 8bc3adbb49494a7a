# fails: test_zero_and_none_are_answers
# looks like: a warehouse that answered 0 or None is not among the counted ones
import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    stock = Stock({}, {})
    answers = await asyncio.gather(*(count(name) for name in warehouses), return_exceptions=True)
    for name, answer in zip(warehouses, answers):
        (stock.counted if isinstance(answer, int) else stock.failed)[name] = answer
    return stock

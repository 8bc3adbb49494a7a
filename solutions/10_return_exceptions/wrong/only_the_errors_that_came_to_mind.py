# fails: test_an_error_is_not_a_count
# looks like: errors were told from counts, but not every kind of error
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
        (stock.failed if isinstance(answer, (OSError, ValueError)) else stock.counted)[name] = answer
    return stock

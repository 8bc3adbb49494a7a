# fails: test_takes_as_long_as_the_slowest
# looks like: the warehouses are asked in groups, and each group waits for the slowest one of the group before
import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    stock = Stock({}, {})
    for first in range(0, len(warehouses), 10):
        group = warehouses[first : first + 10]
        answers = await asyncio.gather(*map(count, group), return_exceptions=True)
        for name, answer in zip(group, answers, strict=True):
            (stock.failed if isinstance(answer, Exception) else stock.counted)[name] = answer
    return stock

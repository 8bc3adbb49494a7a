# fails: test_every_warehouse_is_asked_once_and_listed_once test_takes_as_long_as_the_slowest
# looks like: a warehouse that failed was asked a second time, only to catch its error
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
        if isinstance(answer, Exception):
            try:
                answer = await count(name)
            except Exception as error:
                stock.failed[name] = error
                continue
        stock.counted[name] = answer
    return stock

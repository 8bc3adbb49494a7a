# fails: test_takes_as_long_as_the_slowest
# looks like: each warehouse is asked only when the one before it has answered
import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    stock = Stock({}, {})
    for name in warehouses:
        try:
            stock.counted[name] = await count(name)
        except Exception as error:
            stock.failed[name] = error
    return stock

# fails: test_an_error_is_not_a_count test_zero_and_none_are_answers
# looks like: the answers were taken in the order in which they came, and each went to the wrong warehouse
import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    stock = Stock({}, {})
    for name, earliest in zip(warehouses, asyncio.as_completed([count(name) for name in warehouses])):
        try:
            stock.counted[name] = await earliest
        except Exception as error:
            stock.failed[name] = error
    return stock

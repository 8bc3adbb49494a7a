# fails: test_an_error_is_not_a_count test_every_warehouse_is_asked_once_and_listed_once
# looks like: warehouses that failed are on neither list
import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    stock = Stock({}, {})

    async def ask(name):
        try:
            answer = await count(name)
        except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
            stock.failed[name] = error
        else:
            stock.counted[name] = answer

    await asyncio.gather(*map(ask, warehouses), return_exceptions=True)
    return stock

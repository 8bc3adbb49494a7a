# fails: test_an_error_is_not_a_count test_every_warehouse_is_asked_once_and_listed_once
# looks like: warehouses that failed are on neither list
import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    answers = await asyncio.gather(*(count(name) for name in warehouses), return_exceptions=True)
    pairs = zip(warehouses, answers)
    return Stock({name: answer for name, answer in pairs if not isinstance(answer, Exception)}, {})

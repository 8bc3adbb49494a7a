# fails: test_an_error_is_not_a_count test_every_warehouse_is_asked_once_and_listed_once test_takes_as_long_as_the_slowest
# looks like: the first error ended the whole count, with all the good answers
import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    try:
        answers = await asyncio.gather(*(count(name) for name in warehouses))
    except Exception as error:
        return Stock({}, {"all": error})
    return Stock(dict(zip(warehouses, answers)), {})

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
            stock.counted[name] = await count(name)
        except Exception as error:
            stock.failed[name] = error

    async with asyncio.TaskGroup() as group:
        for name in warehouses:
            group.create_task(ask(name))
    return stock

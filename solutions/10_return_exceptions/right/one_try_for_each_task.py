import asyncio
from dataclasses import dataclass, field


@dataclass
class Stock:
    counted: dict = field(default_factory=dict)
    failed: dict = field(default_factory=dict)


async def stocktake(count, warehouses):
    stock = Stock()
    tasks = [asyncio.create_task(count(name), name=name) for name in warehouses]
    for task in tasks:
        try:
            stock.counted[task.get_name()] = await task
        except Exception as error:
            stock.failed[task.get_name()] = error
    return stock

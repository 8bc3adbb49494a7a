import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    tasks = {name: asyncio.create_task(count(name)) for name in warehouses}
    await asyncio.wait(tasks.values())
    failed = {name: task.exception() for name, task in tasks.items() if task.exception() is not None}
    return Stock({name: task.result() for name, task in tasks.items() if name not in failed}, failed)

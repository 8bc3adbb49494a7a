# fails: test_an_error_is_not_a_count test_every_warehouse_is_asked_once_and_listed_once test_takes_as_long_as_the_slowest
# looks like: one error stopped the other warehouses: that is what a TaskGroup is for, and it left stocktake() as well
import asyncio
from dataclasses import dataclass


@dataclass
class Stock:
    counted: dict
    failed: dict


async def stocktake(count, warehouses):
    async with asyncio.TaskGroup() as group:
        tasks = {name: group.create_task(count(name)) for name in warehouses}
    return Stock({name: task.result() for name, task in tasks.items()}, {})

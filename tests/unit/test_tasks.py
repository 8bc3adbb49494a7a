"""What is asked of tasks wherever they are met."""

from __future__ import annotations

import asyncio

from redloop.tasks import age


async def test_tasks_are_sorted_as_they_were_made_and_named_ones_come_first() -> None:
    names = ["fetch 2 of 10", "fetch 10 of 10", "w9", "w10", "worker", "Task-2", "Task-10"]
    tasks = [asyncio.create_task(asyncio.sleep(0), name=name) for name in reversed(names)]
    assert [task.get_name() for task in sorted(tasks, key=age)] == names
    await asyncio.gather(*tasks)

# fails: test_receipts_survive_the_garbage_collector
# looks like: the tasks are in a WeakSet, and that does not keep anything alive
import asyncio
from weakref import WeakSet


class Shop:
    def __init__(self, send):
        self.send = send
        self._tasks = WeakSet()

    def order(self, customer):
        self._tasks.add(asyncio.create_task(self.send(customer)))
        return f"Thank you, {customer}!"

# fails: test_receipts_survive_the_garbage_collector test_lets_go_of_tasks_that_have_ended
# looks like: one variable holds the task, and each order overwrites it
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self._task = None

    def order(self, customer):
        self._task = asyncio.create_task(self.send(customer))
        return f"Thank you, {customer}!"

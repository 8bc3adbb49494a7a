# fails: test_receipts_survive_the_garbage_collector test_lets_go_of_tasks_that_have_ended
# looks like: the tasks are kept under the customers' names, and stay there when they have ended
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self._tasks = {}

    def order(self, customer):
        self._tasks[customer] = asyncio.create_task(self.send(customer))
        return f"Thank you, {customer}!"

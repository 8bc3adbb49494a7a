# fails: test_receipts_survive_the_garbage_collector
# looks like: the tasks are kept under the customers' names, and a second order by the same customer takes the place of the first
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self.tasks = {}

    def order(self, customer):
        task = asyncio.create_task(self.send(customer))
        self.tasks[customer] = task
        task.add_done_callback(lambda _: self.tasks.pop(customer, None))
        return f"Thank you, {customer}!"

# fails: test_receipts_survive_the_garbage_collector
# looks like: the task is in a local variable, which is gone when order returns
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send

    def order(self, customer):
        task = asyncio.create_task(self.send(customer))
        task.add_done_callback(lambda _: None)
        return f"Thank you, {customer}!"

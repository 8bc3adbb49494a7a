# fails: test_receipts_survive_the_garbage_collector
# looks like: the task has a name now, but a name in a string holds nothing
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self._names = set()

    def order(self, customer):
        asyncio.create_task(self.send(customer), name=customer)
        self._names.add(customer)
        return f"Thank you, {customer}!"

# fails: test_receipts_survive_the_garbage_collector
# looks like: the task is let go of in the line that should only say what to do when it has ended
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self.tasks = set()

    def order(self, customer):
        task = asyncio.create_task(self.send(customer))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard(task))
        return f"Thank you, {customer}!"

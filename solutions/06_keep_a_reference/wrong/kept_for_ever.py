# fails: test_lets_go_of_tasks_that_have_ended
# looks like: the tasks are kept, and nobody ever lets go of them
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self._tasks = []

    def order(self, customer):
        self._tasks.append(asyncio.create_task(self.send(customer)))
        return f"Thank you, {customer}!"

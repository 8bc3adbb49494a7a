# fails: test_lets_go_of_tasks_that_have_ended
# looks like: tasks that have ended are let go of only when somebody orders again
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self._tasks = []

    def order(self, customer):
        self._tasks = [task for task in self._tasks if not task.done()]
        self._tasks.append(asyncio.create_task(self.send(customer)))
        return f"Thank you, {customer}!"

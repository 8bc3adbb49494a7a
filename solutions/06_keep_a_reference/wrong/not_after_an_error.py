# fails: test_lets_go_of_tasks_that_have_ended
# looks like: a task lets go of itself in its last line, and one that fails never gets there
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self.tasks = set()

    def order(self, customer):
        self.tasks.add(asyncio.create_task(self.send_and_let_go(customer)))
        return f"Thank you, {customer}!"

    async def send_and_let_go(self, customer):
        await self.send(customer)
        self.tasks.discard(asyncio.current_task())

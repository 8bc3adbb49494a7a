# fails: test_lets_go_of_tasks_that_have_ended
# looks like: the coroutines are kept, and stay there when they have ended
import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self._sending = []

    def order(self, customer):
        sending = self.send(customer)
        self._sending.append(sending)
        asyncio.create_task(sending)
        return f"Thank you, {customer}!"

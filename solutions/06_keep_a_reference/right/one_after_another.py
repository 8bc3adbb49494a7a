import asyncio
from collections import deque


class Shop:
    def __init__(self, send):
        self.send = send
        self.waiting = deque()
        self.clerk = None

    def order(self, customer):
        self.waiting.append(customer)
        if self.clerk is None:
            self.clerk = asyncio.create_task(self.send_all())
        return f"Thank you, {customer}!"

    async def send_all(self):
        try:
            while self.waiting:
                await self.send(self.waiting.popleft())
        finally:
            self.clerk = None

import asyncio


class Shop:
    def __init__(self, send):
        self.send = send
        self._sending = {}
        self._number = 0

    def order(self, customer):
        self._number += 1
        self._sending[self._number] = asyncio.create_task(self._send(self._number, customer))
        return f"Thank you, {customer}!"

    async def _send(self, number, customer):
        try:
            await self.send(customer)
        finally:
            del self._sending[number]

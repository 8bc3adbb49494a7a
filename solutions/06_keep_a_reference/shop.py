"""A shop that says thank you at once, and sends the receipt in the background."""

import asyncio
from collections.abc import Callable, Coroutine


class Shop:
    def __init__(self, send: Callable[[str], Coroutine[None, None, None]]) -> None:
        self.send = send
        self._sending: set[asyncio.Task[None]] = set()  # the event loop does not hold them

    def order(self, customer: str) -> str:
        """Start sending the receipt, and answer without waiting for it."""
        task = asyncio.create_task(self.send(customer))
        self._sending.add(task)
        task.add_done_callback(self._sending.discard)  # held until it has ended, and no longer
        return f"Thank you, {customer}!"

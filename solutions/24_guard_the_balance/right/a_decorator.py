"""Two withdrawals, one balance, and a ledger that answers slowly."""

import asyncio
from functools import wraps


class Ledger:  # given
    def __init__(self, balance: int) -> None:
        self.balance = balance

    async def read(self) -> int:
        await asyncio.sleep(1)
        return self.balance

    async def write(self, balance: int) -> None:
        await asyncio.sleep(1)
        self.balance = balance


def one_at_a_time(method):
    """Let one caller per object in."""

    @wraps(method)
    async def guarded(self, *arguments):
        lock = self.__dict__.setdefault("_lock", asyncio.Lock())
        async with lock:
            return await method(self, *arguments)

    return guarded


class Account:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    @one_at_a_time
    async def withdraw(self, amount: int) -> bool:
        balance = await self.ledger.read()
        if balance < amount:
            return False
        await self.ledger.write(balance - amount)
        return True

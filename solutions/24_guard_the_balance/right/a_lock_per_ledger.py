"""Two withdrawals, one balance, and a ledger that answers slowly."""

import asyncio
from weakref import WeakKeyDictionary


class Ledger:  # given
    def __init__(self, balance: int) -> None:
        self.balance = balance

    async def read(self) -> int:
        await asyncio.sleep(1)
        return self.balance

    async def write(self, balance: int) -> None:
        await asyncio.sleep(1)
        self.balance = balance


_locks: WeakKeyDictionary[Ledger, asyncio.Lock] = WeakKeyDictionary()


class Account:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    async def withdraw(self, amount: int) -> bool:
        async with _locks.setdefault(self.ledger, asyncio.Lock()):
            balance = await self.ledger.read()
            if balance < amount:
                return False
            await self.ledger.write(balance - amount)
            return True

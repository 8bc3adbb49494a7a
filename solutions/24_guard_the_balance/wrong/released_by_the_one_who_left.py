# fails: test_everyone_who_stays_is_paid
# looks like: a task that is cancelled while it waits for the lock releases it all the same, and it is not its own
"""Two withdrawals, one balance, and a ledger that answers slowly."""

import asyncio


class Ledger:  # given
    def __init__(self, balance: int) -> None:
        self.balance = balance

    async def read(self) -> int:
        await asyncio.sleep(1)
        return self.balance

    async def write(self, balance: int) -> None:
        await asyncio.sleep(1)
        self.balance = balance


class Account:
    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self._lock = asyncio.Lock()

    async def withdraw(self, amount: int) -> bool:
        try:
            await self._lock.acquire()
            balance = await self.ledger.read()
            if balance >= amount:
                await self.ledger.write(balance - amount)
            return balance >= amount
        finally:
            self._lock.release()

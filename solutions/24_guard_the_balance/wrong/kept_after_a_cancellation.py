# fails: test_a_cancellation_lets_the_next_one_in
# looks like: when the task is cancelled in the middle, release() is never reached
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
        await self._lock.acquire()
        balance = await self.ledger.read()
        if ok := balance >= amount:
            await self.ledger.write(balance - amount)
        self._lock.release()
        return ok

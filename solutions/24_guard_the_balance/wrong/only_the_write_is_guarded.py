# fails: test_pays_out_only_once test_everyone_who_stays_is_paid test_who_comes_when_another_one_goes
# looks like: only the write is guarded, and by then the decision has been made on an old number
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
        balance = await self.ledger.read()
        if balance < amount:
            return False
        async with self._lock:
            await self.ledger.write(balance - amount)
        return True

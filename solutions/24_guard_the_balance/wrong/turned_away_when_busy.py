# fails: test_everyone_who_stays_is_paid test_who_comes_when_another_one_goes
# looks like: whoever comes while another one is served is refused, although there is enough for both
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
        if self._lock.locked():
            return False
        async with self._lock:
            balance = await self.ledger.read()
            if balance < amount:
                return False
            await self.ledger.write(balance - amount)
            return True

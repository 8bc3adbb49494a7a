# fails: test_pays_out_only_once test_everyone_who_stays_is_paid test_who_comes_when_another_one_goes
# looks like: each call makes its own lock, and a lock that nobody else knows keeps nobody out
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

    async def withdraw(self, amount: int) -> bool:
        async with asyncio.Lock():
            balance = await self.ledger.read()
            if balance < amount:
                return False
            await self.ledger.write(balance - amount)
            return True

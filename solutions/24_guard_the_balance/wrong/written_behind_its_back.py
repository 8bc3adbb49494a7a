# fails: test_everyone_who_stays_is_paid test_who_comes_when_another_one_goes
# looks like: the balance is changed past the ledger, and a slow write brings back an old one later
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
        await self.ledger.read()
        if self.ledger.balance < amount:
            return False
        self.ledger.balance -= amount
        await self.ledger.write(self.ledger.balance)
        return True

# fails: test_pays_out_only_once test_everyone_who_stays_is_paid test_who_comes_when_another_one_goes
# looks like: the balance is read a second time, but the write still comes after a wait in which anyone may write
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
        balance = await self.ledger.read()
        while balance >= amount:
            again = await self.ledger.read()
            if again == balance:
                await self.ledger.write(balance - amount)
                return True
            balance = again
        return False

# fails: test_strangers_do_not_queue
# looks like: nobody waits for the ledger any more: its answers are taken without asking
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
        if self.ledger.balance < amount:
            return False
        self.ledger.balance -= amount
        return True

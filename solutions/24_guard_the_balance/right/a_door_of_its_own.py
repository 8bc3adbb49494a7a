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
        self._door = asyncio.Condition()
        self._busy = False

    async def withdraw(self, amount: int) -> bool:
        async with self._door:
            await self._door.wait_for(lambda: not self._busy)
            self._busy = True
        try:
            balance = await self.ledger.read()
            if balance >= amount:
                await self.ledger.write(balance - amount)
            return balance >= amount
        finally:
            self._busy = False
            async with self._door:
                self._door.notify()

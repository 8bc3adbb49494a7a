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
        if await self.ledger.read() < amount:  # it can only get less
            return False
        async with self._lock:
            balance = await self.ledger.read()
            if balance < amount:
                return False
            await self.ledger.write(balance - amount)
            return True

# fails: test_who_comes_when_another_one_goes
# looks like: the door is open until the one who was called comes in, and somebody else may be quicker
"""Two withdrawals, one balance, and a ledger that answers slowly."""

import asyncio
from collections import deque


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
        self._busy = False
        self._line: deque[asyncio.Future[None]] = deque()

    async def withdraw(self, amount: int) -> bool:
        if self._busy:
            turn = asyncio.get_running_loop().create_future()
            self._line.append(turn)
            await turn
        self._busy = True
        try:
            balance = await self.ledger.read()
            if balance < amount:
                return False
            await self.ledger.write(balance - amount)
            return True
        finally:
            self._busy = False
            while self._line:
                turn = self._line.popleft()
                if not turn.done():
                    turn.set_result(None)
                    break

import asyncio
from itertools import cycle

import pytest
from account import Account, Ledger
from hypothesis import given, strategies as st


class MoodyLedger(Ledger):
    """Takes another number of seconds for each answer."""

    def __init__(self, balance: int, waits: list[int]) -> None:
        super().__init__(balance)
        self.waits = cycle(waits)

    async def read(self) -> int:
        await asyncio.sleep(next(self.waits))
        return self.balance

    async def write(self, balance: int) -> None:
        await asyncio.sleep(next(self.waits))
        self.balance = balance


async def test_pays_out_only_once():
    account = Account(Ledger(100))
    paid = sum(await asyncio.gather(account.withdraw(60), account.withdraw(60)))
    left = account.ledger.balance
    assert (paid, left) == (1, 40), f"of 100, 60 were paid out {paid} times, and the ledger says that {left} are left"


@given(st.lists(st.integers(1, 99), min_size=2, max_size=5), st.lists(st.integers(1, 9), min_size=1, max_size=5))
async def test_everyone_who_stays_is_paid(amounts, waits):
    there = sum(amounts) + 7
    account = Account(MoodyLedger(there, waits))
    first, leaves, *others = [asyncio.create_task(account.withdraw(each)) for each in (amounts[0], 7, *amounts[1:])]
    await asyncio.sleep(0.5)
    leaves.cancel()
    paid = await asyncio.gather(first, *others)
    left = account.ledger.balance
    assert all(paid), f"there was enough for {amounts}, and the answers were {paid}"
    # 0 is fine too: the one who left may have been served all the same.
    assert left in {7, 0}, f"of {there}, {sum(amounts)} were paid out, and the ledger says that {left} are left"


async def test_strangers_do_not_queue(stopwatch):
    with stopwatch() as one:
        await Account(Ledger(100)).withdraw(60)
    with stopwatch() as two:
        await asyncio.gather(*(Account(Ledger(100)).withdraw(60) for _ in range(2)))
    assert one.elapsed >= 2.0, f"a read and a write take 2.0 s, and one customer was served in {one.elapsed} s"
    assert two.elapsed == one.elapsed, f"one customer takes {one.elapsed} s; two, an account each, took {two.elapsed} s"


async def test_a_refusal_lets_the_next_one_in():
    account = Account(Ledger(10))
    assert not await account.withdraw(60), "60 were paid out of 10"
    assert await account.withdraw(10), "10 were refused though there were 10"


async def test_a_cancellation_lets_the_next_one_in():
    account = Account(Ledger(20))
    task = asyncio.create_task(account.withdraw(10))
    await asyncio.sleep(0.5)
    task.cancel()
    await asyncio.wait([task])
    assert await account.withdraw(10), "10 were refused though there was enough"


@pytest.mark.redloop(schedules=100)
async def test_who_comes_when_another_one_goes():
    """In every order of the three: the third comes when the first one has been served."""
    account = Account(Ledger(100))

    async def come(amount: int, when: int) -> bool:
        await asyncio.sleep(when)
        return await account.withdraw(amount)

    paid = sum(await asyncio.gather(come(60, 0), come(30, 0), come(60, 2)))
    left = account.ledger.balance
    assert (paid, left) == (2, 10), f"100 are enough for 30 and 60: {paid} of 60, 30 and 60 were paid, {left} are left"

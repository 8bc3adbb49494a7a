import asyncio

import pytest
from transfer import transfer


class Refused(Exception):
    """The bank does not want to."""


class Bank:
    """A commit takes `seconds`; it is "done" at its end, and "cut in two" when it is cancelled before."""

    def __init__(self, seconds: float, refuses: bool = False) -> None:
        self.seconds, self.refuses = seconds, refuses
        self.state = "not begun"
        self.calls = 0

    async def commit(self) -> str:
        self.calls += 1
        self.state = "under way"
        try:
            await asyncio.sleep(self.seconds)
        except asyncio.CancelledError:
            self.state = "cut in two"
            raise
        self.state = "done"
        if self.refuses:
            raise Refused
        return f"receipt after {self.seconds} s"


async def cancelled_transfer(bank: Bank, *times: float) -> tuple[asyncio.Task[str], str]:
    """A transfer that was cancelled at each of these times, and the commit's state when the transfer was over."""
    task = asyncio.create_task(transfer(bank.commit))
    loop = asyncio.get_running_loop()
    for time in times:
        loop.call_later(time, task.cancel)
    await asyncio.wait([task])
    state = bank.state
    await asyncio.sleep(60)
    return task, state


async def test_transfer_does_not_end_before_the_commit():
    bank = Bank(seconds=4)
    _, state = await cancelled_transfer(bank, 1.0)
    assert state != "under way", "transfer() was cancelled and is over, and the commit is still under way"


async def test_the_commit_is_not_cut_in_two():
    bank = Bank(seconds=5)
    await cancelled_transfer(bank, 2.0)
    assert bank.state == "done", f"transfer() was cancelled after 2 s of 5, and the commit is {bank.state}"


async def test_a_second_cancellation_changes_nothing():
    bank = Bank(seconds=6)
    _, state = await cancelled_transfer(bank, 1.0, 2.5, 3.0, 4.0, 5.0)
    assert state == "done", f"transfer() was cancelled five times, and at its end the commit was {state}"


async def test_the_cancellation_goes_on(stopwatch):
    task, _ = await cancelled_transfer(Bank(seconds=4), 1.0)
    assert task.cancelled(), "transfer() was cancelled, and its task ended as if it had not been"
    with stopwatch() as run:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(2):
                await transfer(Bank(seconds=7).commit)
    await asyncio.sleep(60)
    assert run.elapsed <= 7.0, f"the commit took 7 s, and after it the time-out was kept waiting until {run.elapsed} s"


async def test_without_a_cancellation(stopwatch):
    bank = Bank(seconds=3)
    with stopwatch() as run:
        receipt = await transfer(bank.commit)
    await asyncio.sleep(60)
    assert (receipt, bank.calls) == ("receipt after 3 s", 1), f"{bank.calls} commits, and the receipt says {receipt!r}"
    assert run.elapsed == 3.0, f"the commit takes 3 s, transfer() took {run.elapsed} s"
    with pytest.raises(Refused):
        await transfer(Bank(seconds=1, refuses=True).commit)

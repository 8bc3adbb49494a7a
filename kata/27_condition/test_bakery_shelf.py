import asyncio
from itertools import count

import pytest
from bakery_shelf import Shelf
from hypothesis import example, given, strategies as st


class Shop:
    """One shelf, and a book of who asked for how many loaves and got which."""

    def __init__(self) -> None:
        self.shelf, self.numbers = Shelf(), count(1)
        self.baked: list[str] = []
        self.waiting: dict[asyncio.Task[list[str]], int] = {}

    def customer(self, wish: int) -> asyncio.Task[list[str]]:
        task = asyncio.create_task(self.shelf.take(wish))
        self.waiting[task] = wish
        return task

    async def bake(self, batch: int) -> None:
        loaves = [f"loaf {next(self.numbers)}" for _ in range(batch)]
        self.baked += loaves
        await self.shelf.put(loaves)


@given(st.lists(st.integers(-4, 4).filter(bool), max_size=9))
@example([3, 1, -1])
@example([3, -1, -1])
async def test_nobody_leaves_with_less_and_nobody_waits_beside_bread(day):
    shop = Shop()
    for number in day:
        if number > 0:
            shop.customer(number)
        else:
            await shop.bake(-number)
        await asyncio.sleep(1)
        served = [(task.result(), wish) for task, wish in shop.waiting.items() if task.done()]
        for loaves, wish in served:
            assert len(loaves) == wish, f"somebody asked for {wish} loaves and left with {len(loaves)}"
        left = len(shop.baked) - sum(len(loaves) for loaves, _ in served)
        for task, wish in shop.waiting.items():
            assert task.done() or wish > left, f"somebody waits for {wish} loaves, and {left} lie on the shelf"
    taken = [loaf for task in shop.waiting if task.done() for loaf in task.result()]
    for task in shop.waiting:
        task.cancel()
    assert sorted(taken) == sorted(set(taken) & set(shop.baked)), f"the loaves handed out were {taken}"


async def test_one_batch_serves_everyone_it_can():
    shop = Shop()
    customers = [shop.customer(wish) for wish in (5, 1, 2, 1)]
    await asyncio.sleep(1)
    await shop.bake(4)
    await asyncio.sleep(1)
    served = [len(task.result()) if task.done() else 0 for task in customers]
    customers[0].cancel()
    assert served == [0, 1, 2, 1], f"5, 1, 2 and 1 loaves were asked for, 4 were baked, and {served} were handed out"


@pytest.mark.redloop(schedules=300)
async def test_a_call_is_heard_in_every_order():
    """In every order of those who come at the same moment; a call that nobody hears is a deadlock."""
    shelf = Shelf()
    takes = [asyncio.create_task(shelf.take(wish), name=f"customer for {wish}") for wish in (1, 2, 1)]
    puts = [asyncio.create_task(shelf.put(loaves), name=f"baker of {loaves}") for loaves in (["a"], ["b", "c"], ["d"])]
    got = await asyncio.gather(*takes)
    await asyncio.gather(*puts)
    sizes, handed_out = [len(loaves) for loaves in got], sorted(loaf for loaves in got for loaf in loaves)
    assert (sizes, handed_out) == ([1, 2, 1], list("abcd")), f"1, 2 and 1 of a, b, c, d were asked for, and {got} taken"


@given(st.integers(1, 99).map(lambda number: number / 7))
async def test_bread_is_handed_out_when_it_comes(wait):
    shop, loop = Shop(), asyncio.get_running_loop()
    customer, start = shop.customer(2), loop.time()
    customer.add_done_callback(lambda _: seen.append(loop.time() - start))
    seen: list[float] = []
    await asyncio.sleep(wait)
    await shop.bake(3)
    await customer
    assert abs(seen[0] - wait) < 1e-6, f"the bread came after {wait:.3f} s, and was handed out after {seen[0]:.3f} s"


async def test_who_gives_up_takes_nothing():
    shop = Shop()
    hasty, patient = shop.customer(2), shop.customer(2)
    await asyncio.sleep(1)
    await shop.bake(1)
    hasty.cancel()
    await asyncio.sleep(1)
    await shop.bake(1)
    await asyncio.sleep(1)
    got = patient.result() if patient.done() else patient.cancel() and []
    assert hasty.cancelled(), "a customer who is told to give up should stop waiting"
    assert got == shop.baked, f"one of two gave up, two loaves came, and the other customer got {got}"


async def test_who_gives_up_when_the_bread_comes():
    shop = Shop()
    hasty = shop.customer(2)
    await asyncio.sleep(1)
    await shop.bake(2)
    hasty.cancel()  # it has been called, and is not at the shelf yet
    await asyncio.sleep(1)
    next_one = shop.customer(2)
    await asyncio.sleep(1)
    served = [task for task in (hasty, next_one) if task.done() and not task.cancelled()]
    next_one.cancel()
    assert len(served) == 1, f"two loaves came when one of two gave up, and {len(served)} customers left with them"

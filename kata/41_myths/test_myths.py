import asyncio
import sys

import pytest
from myths import GUESSES

PYTHON = f"Python {sys.version_info.major}.{sys.version_info.minor}"


def judge(sentence: str, truth: bool, seen: str) -> None:
    assert GUESSES.get(sentence) in (True, False), f"{sentence!r} should be given as True or as False"
    assert GUESSES[sentence] == truth, f"{sentence!r}: {GUESSES[sentence]}? On {PYTHON}, {seen}"


async def test_calling_an_async_function():
    log = []

    async def work():
        log.append("begun")

    coroutine = work()
    begun = bool(log)
    await coroutine
    judge("calling an async function starts it", begun, f"after the call the log was {'full' if begun else 'empty'}")


async def test_create_task():
    log = []

    async def work():
        log.append("the task")

    task = asyncio.create_task(work())
    log.append("the line after create_task()")
    await task
    first = log[0] == "the task"
    judge("create_task() runs the beginning of the task at once", first, f"{log[0]} came first")


async def test_await():
    log = []

    async def work():
        log.append("the task")

    async def nothing():
        pass

    task = asyncio.create_task(work())
    await nothing()
    ran = bool(log)
    await task
    judge("every await lets the other tasks run", ran, f"a ready task {'ran' if ran else 'did not run'} meanwhile")


async def test_gather_results():
    results = await asyncio.gather(*(asyncio.sleep(wait, f"{wait} s") for wait in (3, 1, 2)))
    in_order = results == ["3 s", "1 s", "2 s"]
    judge("gather() returns the results in the order of its arguments", in_order, f"3, 1 and 2 s gave {results}")


async def test_gather_failure():
    async def fail():
        raise ValueError

    other = asyncio.create_task(asyncio.sleep(1, "went on to its end"))
    with pytest.raises(ValueError):
        await asyncio.gather(fail(), other)
    (end,) = await asyncio.gather(other, return_exceptions=True)
    judge("when one of them fails, gather() cancels the others", isinstance(end, BaseException), f"the other {end}")


async def test_except_exception():
    async def work():
        try:
            await asyncio.sleep(1)
        except Exception:
            return "caught it"

    task = asyncio.create_task(work())
    await asyncio.sleep(0)
    task.cancel()
    (end,) = await asyncio.gather(task, return_exceptions=True)
    judge("except Exception catches a cancellation", end == "caught it", f"the task ended with {end!r}")


async def test_swallowing_a_cancellation():
    seen = "nobody was told that the time was over"
    try:
        async with asyncio.timeout(1):
            try:
                await asyncio.sleep(2)
            except asyncio.CancelledError:
                pass
    except TimeoutError:
        seen = "the TimeoutError came all the same"
    judge("who swallows CancelledError makes a time-out go unnoticed", seen.startswith("nobody"), seen)


async def test_two_tasks_one_number():
    number = 0

    async def add_one():
        nonlocal number
        before = number
        await asyncio.sleep(1)
        number = before + 1

    await asyncio.gather(add_one(), add_one())
    judge("without threads, two tasks cannot spoil each other's data", number == 2, f"0 + 1 + 1 was {number}")


async def test_a_fair_lock():
    lock, log = asyncio.Lock(), []

    async def enter(name):
        async with lock:
            await asyncio.sleep(1)
            log.append(name)

    await asyncio.gather(*(enter(name) for name in "abcd"))
    judge("an asyncio.Lock lets in whoever waited longest", log == list("abcd"), f"a, b, c, d came, {log} were let in")


async def test_timeout_error():
    same = asyncio.TimeoutError is TimeoutError
    judge("asyncio.TimeoutError is the built-in TimeoutError", same, f"{'one class' if same else 'two of them'}")

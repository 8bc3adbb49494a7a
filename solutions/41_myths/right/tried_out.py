"""Ten sentences from tutorials, blogs and answers. Which of them are true on your Python?"""

import asyncio


async def note(log, text):
    log.append(text)


async def try_a_call():
    log = []
    coroutine = note(log, "begun")
    begun = bool(log)
    await coroutine
    return begun


async def try_create_task():
    log = []
    task = asyncio.create_task(note(log, "begun"))
    begun = bool(log)
    await task
    return begun


async def try_await():
    log = []
    task = asyncio.create_task(note(log, "the task"))
    await note(log, "the awaited one")
    await task
    return log[0] == "the task"


async def try_gather():
    return await asyncio.gather(*(asyncio.sleep(n / 1000, n) for n in (2, 1))) == [2, 1]


async def try_a_failure():
    other = asyncio.create_task(asyncio.sleep(0.001))
    failed = asyncio.get_running_loop().create_future()
    failed.set_exception(ValueError())
    try:
        await asyncio.gather(failed, other)
    except ValueError:
        await asyncio.wait([other])
    return other.cancelled()


async def try_swallowing():
    try:
        async with asyncio.timeout(0):
            try:
                await asyncio.sleep(1)
            except asyncio.CancelledError:
                pass
    except TimeoutError:
        return False
    return True


async def try_two_tasks():
    number = 0

    async def add_one():
        nonlocal number
        before = number
        await asyncio.sleep(0)
        number = before + 1

    await asyncio.gather(add_one(), add_one())
    return number == 2


async def try_a_lock():
    lock, log = asyncio.Lock(), []

    async def enter(name):
        async with lock:
            await asyncio.sleep(0)
            log.append(name)

    await asyncio.gather(*map(enter, "abc"))
    return log == ["a", "b", "c"]


GUESSES = {
    "calling an async function starts it": asyncio.run(try_a_call()),
    "create_task() runs the beginning of the task at once": asyncio.run(try_create_task()),
    "every await lets the other tasks run": asyncio.run(try_await()),
    "gather() returns the results in the order of its arguments": asyncio.run(try_gather()),
    "when one of them fails, gather() cancels the others": asyncio.run(try_a_failure()),
    "except Exception catches a cancellation": issubclass(asyncio.CancelledError, Exception),
    "who swallows CancelledError makes a time-out go unnoticed": asyncio.run(try_swallowing()),
    "without threads, two tasks cannot spoil each other's data": asyncio.run(try_two_tasks()),
    "an asyncio.Lock lets in whoever waited longest": asyncio.run(try_a_lock()),
    "asyncio.TimeoutError is the built-in TimeoutError": asyncio.TimeoutError is TimeoutError,
}

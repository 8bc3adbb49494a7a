"""Ten sentences from tutorials, blogs and answers. Which of them are true on your Python?"""

GUESSES: dict[str, bool] = {
    "calling an async function starts it": False,  # it makes a coroutine; await or a task starts that
    "create_task() runs the beginning of the task at once": False,  # at the next turn; eager task factories differ
    "every await lets the other tasks run": False,  # only one that really has to wait
    "gather() returns the results in the order of its arguments": True,
    "when one of them fails, gather() cancels the others": False,  # they run on; a TaskGroup cancels them
    "except Exception catches a cancellation": False,  # it is a BaseException since Python 3.8
    "who swallows CancelledError makes a time-out go unnoticed": True,
    "without threads, two tasks cannot spoil each other's data": False,  # each await is a gap
    "an asyncio.Lock lets in whoever waited longest": True,
    "asyncio.TimeoutError is the built-in TimeoutError": True,  # since Python 3.11
}

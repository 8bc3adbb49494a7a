# fails: test_timeout_error
# looks like: the two TimeoutErrors were two classes on an older Python
"""Ten sentences from tutorials, blogs and answers. Which of them are true on your Python?"""

GUESSES = {
    "calling an async function starts it": False,
    "create_task() runs the beginning of the task at once": False,
    "every await lets the other tasks run": False,
    "gather() returns the results in the order of its arguments": True,
    "when one of them fails, gather() cancels the others": False,
    "except Exception catches a cancellation": False,
    "who swallows CancelledError makes a time-out go unnoticed": True,
    "without threads, two tasks cannot spoil each other's data": False,
    "an asyncio.Lock lets in whoever waited longest": True,
    "asyncio.TimeoutError is the built-in TimeoutError": False,
}

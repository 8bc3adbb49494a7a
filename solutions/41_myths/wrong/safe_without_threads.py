# fails: test_two_tasks_one_number
# looks like: data was thought to be safe as long as there is only one thread
"""Ten sentences from tutorials, blogs and answers. Which of them are true on your Python?"""

GUESSES = {
    "calling an async function starts it": False,
    "create_task() runs the beginning of the task at once": False,
    "every await lets the other tasks run": False,
    "gather() returns the results in the order of its arguments": True,
    "when one of them fails, gather() cancels the others": False,
    "except Exception catches a cancellation": False,
    "who swallows CancelledError makes a time-out go unnoticed": True,
    "without threads, two tasks cannot spoil each other's data": True,
    "an asyncio.Lock lets in whoever waited longest": True,
    "asyncio.TimeoutError is the built-in TimeoutError": True,
}

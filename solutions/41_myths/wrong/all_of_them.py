# fails: test_calling_an_async_function test_create_task test_await test_gather_failure test_except_exception test_two_tasks_one_number
# looks like: all ten sentences were believed
"""Ten sentences from tutorials, blogs and answers. Which of them are true on your Python?"""

GUESSES = {
    "calling an async function starts it": True,
    "create_task() runs the beginning of the task at once": True,
    "every await lets the other tasks run": True,
    "gather() returns the results in the order of its arguments": True,
    "when one of them fails, gather() cancels the others": True,
    "except Exception catches a cancellation": True,
    "who swallows CancelledError makes a time-out go unnoticed": True,
    "without threads, two tasks cannot spoil each other's data": True,
    "an asyncio.Lock lets in whoever waited longest": True,
    "asyncio.TimeoutError is the built-in TimeoutError": True,
}

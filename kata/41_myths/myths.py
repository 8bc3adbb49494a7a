"""Ten sentences from tutorials, blogs and answers. Which of them are true on your Python?"""

# The sentences are given; the word behind each of them is yours.
# TODO: they all sound right, and some are not. Write True or False behind each, then run the tests.
GUESSES: dict[str, bool] = {
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

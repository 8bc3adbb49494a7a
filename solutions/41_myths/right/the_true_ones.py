"""Ten sentences from tutorials, blogs and answers. Which of them are true on your Python?"""

SENTENCES = [
    "calling an async function starts it",
    "create_task() runs the beginning of the task at once",
    "every await lets the other tasks run",
    "gather() returns the results in the order of its arguments",
    "when one of them fails, gather() cancels the others",
    "except Exception catches a cancellation",
    "who swallows CancelledError makes a time-out go unnoticed",
    "without threads, two tasks cannot spoil each other's data",
    "an asyncio.Lock lets in whoever waited longest",
    "asyncio.TimeoutError is the built-in TimeoutError",
]
TRUE = {3, 6, 8, 9}
GUESSES = {sentence: number in TRUE for number, sentence in enumerate(SENTENCES)}

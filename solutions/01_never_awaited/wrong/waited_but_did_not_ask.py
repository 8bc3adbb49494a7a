# fails: test_a_lost_letter_is_not_reported_as_sent
# looks like: asyncio.wait says when a task has ended, not how, and the error stayed inside the task
import asyncio


async def sign_up(name, send):
    await asyncio.wait([asyncio.create_task(send(name))])
    return f"Welcome, {name}! Your letter has been sent."

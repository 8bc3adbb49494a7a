# fails: test_takes_as_long_as_the_post_office test_a_lost_letter_is_not_reported_as_sent
# looks like: you guessed how long the post office needs, and nobody asked the task how it ended
import asyncio


async def sign_up(name, send):
    task = asyncio.create_task(send(name))
    await asyncio.sleep(3)
    task.cancel()
    return f"Welcome, {name}! Your letter has been sent."

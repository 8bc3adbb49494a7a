# fails: test_the_letter_is_out_before_the_reply test_takes_as_long_as_the_post_office test_a_lost_letter_is_not_reported_as_sent
# looks like: a task was started, and the reply did not wait for its end
import asyncio


async def sign_up(name, send):
    asyncio.create_task(send(name))
    return f"Welcome, {name}! Your letter has been sent."

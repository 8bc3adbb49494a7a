# fails: test_the_letter_is_out_before_the_reply test_takes_as_long_as_the_post_office test_a_lost_letter_is_not_reported_as_sent
# looks like: asyncio.run starts an event loop of its own, which is not possible inside a running one
import asyncio


async def sign_up(name, send):
    asyncio.run(send(name))
    return f"Welcome, {name}! Your letter has been sent."

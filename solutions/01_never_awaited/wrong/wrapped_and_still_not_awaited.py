# fails: test_the_letter_is_out_before_the_reply test_takes_as_long_as_the_post_office test_a_lost_letter_is_not_reported_as_sent
# looks like: the call moved into another coroutine, which does not wait for it either
async def sign_up(name, send):
    async def deliver():
        send(name)

    await deliver()
    return f"Welcome, {name}! Your letter has been sent."

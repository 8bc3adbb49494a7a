# fails: test_the_letter_is_out_before_the_reply test_takes_as_long_as_the_post_office test_a_lost_letter_is_not_reported_as_sent
# looks like: send is called twice, and the first coroutine is dropped without having run
async def sign_up(name, send):
    print("sending", send(name))
    await send(name)
    return f"Welcome, {name}! Your letter has been sent."

# fails: test_the_letter_is_out_before_the_reply test_takes_as_long_as_the_post_office test_a_lost_letter_is_not_reported_as_sent
# looks like: the coroutine is closed before it ran: the warning is gone, and so is the letter
async def sign_up(name, send):
    letter = send(name)
    letter.close()
    return f"Welcome, {name}! Your letter has been sent."

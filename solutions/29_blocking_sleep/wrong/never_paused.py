# fails: test_pauses_as_long_as_it_was_told test_five_callers_pause_at_the_same_time
# looks like: the pause is gone, and the service is asked again at once
async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            continue
    return await ask()

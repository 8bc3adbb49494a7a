# fails: test_the_heart_beats_on test_pauses_as_long_as_it_was_told test_five_callers_pause_at_the_same_time test_the_last_refusal_goes_to_the_caller
# looks like: the blocking call is hidden in a helper of a helper, and still runs on the event loop's thread
import time


def rest(seconds):
    time.sleep(seconds)


def back_off(seconds):
    rest(seconds)


async def ask_again(ask, pauses):
    for pause in pauses:
        try:
            return await ask()
        except ConnectionError:
            back_off(pause)
    return await ask()

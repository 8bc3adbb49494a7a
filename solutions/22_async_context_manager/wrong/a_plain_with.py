# fails: test_opens_and_closes_each_dome test_closes_after_an_error test_closes_after_a_cancellation test_does_not_close_what_never_opened
# looks like: this can be used in a plain `with`, and `async with` asks for other methods
from contextlib import contextmanager


@contextmanager
def opened(dome):
    dome.open()
    try:
        yield dome
    finally:
        dome.close()

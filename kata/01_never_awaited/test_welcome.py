import asyncio

from hypothesis import given, strategies as st
from welcome import sign_up


class PostOffice:
    """Takes its time over each letter, and remembers the ones that it sent."""

    def __init__(self, seconds: float, closed: bool = False) -> None:
        self.seconds = seconds
        self.closed = closed
        self.sent: list[str] = []

    async def send(self, name: str) -> None:
        await asyncio.sleep(self.seconds)
        if self.closed:
            raise OSError("the post office is closed")
        self.sent.append(name)


async def test_the_letter_is_out_before_the_reply():
    office = PostOffice(seconds=2)
    reply = await sign_up("Ada", office.send)
    assert office.sent == ["Ada"], f"the reply is {reply!r}, but the letters sent so far are {office.sent}"


@given(st.text("adgr", min_size=1), st.integers(1, 60))
async def test_takes_as_long_as_the_post_office(stopwatch, name, seconds):
    office = PostOffice(seconds)
    with stopwatch() as run:
        reply = await sign_up(name, office.send)
    assert reply == f"Welcome, {name}! Your letter has been sent."
    assert office.sent == [name], f"the new member is {name}, and the letters sent are {office.sent}"
    assert run.elapsed == seconds, f"the post office needs {seconds} s, and sign_up took {run.elapsed} s"


async def test_a_lost_letter_is_not_reported_as_sent():
    office = PostOffice(seconds=2, closed=True)
    [outcome] = await asyncio.gather(sign_up("Ada", office.send), return_exceptions=True)
    lost = isinstance(outcome, OSError | ExceptionGroup)  # a group is what a TaskGroup makes of the OSError
    assert lost, f"the post office was closed, and sign_up gave back {outcome!r}"

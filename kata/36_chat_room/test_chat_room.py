import asyncio

import pytest
from chat_room import Room
from hypothesis import example, given, strategies as st

NEVER = 3600


class Member:
    """Takes a text in so many seconds, and notes when; or has a connection that breaks instead."""

    def __init__(self, seconds: float, *, broken: bool = False) -> None:
        self.seconds, self.broken = seconds, broken
        self.clock = asyncio.get_running_loop().time
        self.start = self.clock()
        self.texts: list[str] = []
        self.times: list[float] = []

    async def send(self, text: str) -> None:
        await asyncio.sleep(self.seconds)
        if self.broken:
            raise ConnectionResetError("the line is dead")
        self.texts.append(text)
        self.times.append(round(self.clock() - self.start, 6))


@given(st.lists(st.tuples(st.integers(0, 9), st.booleans()), max_size=3))
@example([(9, False), (2, False)])
@example([(3, True), (1, False)])
async def test_everybody_at_their_own_pace(stopwatch, connections):
    room = Room(patience=4.5)
    members = {f"member {n}": Member(seconds, broken=broken) for n, (seconds, broken) in enumerate(connections)}
    for name, member in members.items():
        room.join(name, member.send)
    with stopwatch() as run:
        gone = await room.say("hello")
    good = {name for name, member in members.items() if member.seconds < 4.5 and not member.broken}
    for name in good:
        seconds, times = members[name].seconds, members[name].times
        had = " and ".join(map(str, times)) or "no"
        assert times == [seconds], f"{name} needs {seconds} s to take a text, and had it after {had} s"
    best = min(4.5, max((member.seconds for member in members.values()), default=0))
    assert run.elapsed == best, f"all were served or given up after {best} s, and say() took {run.elapsed} s"
    late = sorted(members.keys() - good)
    assert sorted(gone or ()) == late, f"{late} had to be given up, and the names returned are {gone}"


async def test_who_is_too_slow_is_out_of_the_room(stopwatch):
    room, ada, bo, cy, dee = Room(patience=5), Member(2), Member(6), Member(1), Member(4)
    room.join("bo", bo.send)
    room.join("ada", ada.send)
    room.join("dee", dee.send)
    speaking = asyncio.create_task(room.say("one"))
    await asyncio.sleep(3)
    room.join("cy", cy.send)
    room.leave("dee")
    await speaking
    await asyncio.sleep(60)
    assert bo.texts == [], f"the room's patience is 5 s, and bo, who needs {bo.seconds} s, was sent {bo.texts}"
    with stopwatch() as run:
        gone = await room.say("two")
    assert "two" not in dee.texts, f"dee left while 'one' was on its way, before 'two' was said, and got {dee.texts}"
    assert run.elapsed == 2, f"bo was given up, ada needs 2 s and cy 1 s for a text: and it took {run.elapsed} s"
    assert (ada.texts, list(gone)) == (["one", "two"], []), f"ada was there, and got {ada.texts}; given up: {gone}"
    assert cy.texts == ["two"], f"cy came after 'one' was said and before 'two' was, and got {cy.texts}"


async def test_a_broken_line_concerns_nobody_else(stopwatch):
    room, ada, bo = Room(patience=5), Member(2), Member(1, broken=True)
    room.join("bo", bo.send)
    room.join("ada", ada.send)
    await room.say("one")
    with stopwatch() as run:
        gone = await room.say("two")
    assert list(gone) == [], f"bo's line broke at 'one', so he is out of the room, and at 'two' {gone} was given up"
    assert ada.texts == ["one", "two"], f"bo's line is broken, ada's is not, and she got {ada.texts}"
    assert run.elapsed == 2, f"only ada is left, who needs 2 s for a text, and it took {run.elapsed} s"


async def test_two_speakers_do_not_wait_for_each_other(stopwatch):
    room, ada, bo = Room(patience=5), Member(1), Member(NEVER)
    room.join("bo", bo.send)
    room.join("ada", ada.send)
    with stopwatch() as run:
        await asyncio.gather(room.say("one"), room.say("two"))
    assert sorted(ada.texts) == ["one", "two"], f"two spoke at once, and ada got {ada.texts}"
    late = max(ada.times)
    assert late < 5, f"two spoke at once, ada needs 1 s for a text, and had the second one after {late} s: bo was slow"
    assert run.elapsed == 5, f"two spoke at once, the patience is 5 s for each, and it took {run.elapsed} s"


@pytest.mark.redloop(schedules=100)  # in every order in which the tasks can take their turns
async def test_who_comes_back_stays():
    room, ada, train, home = Room(patience=5), Member(1), Member(NEVER), Member(1)
    room.join("bo", train.send)
    room.join("ada", ada.send)

    async def change_connection() -> None:
        await asyncio.sleep(5)  # the moment at which bo is given up
        room.leave("bo")
        await asyncio.sleep(0)
        room.join("bo", home.send)

    outcomes = await asyncio.gather(room.say("one"), change_connection(), room.say("two"), return_exceptions=True)
    errors = [outcome for outcome in outcomes if isinstance(outcome, Exception)]
    assert not errors, f"bo left just when he was given up, and say() raised {errors[0]!r}"
    late = max(ada.times, default=NEVER)
    assert late < 5, f"ada needs 1 s for a text, and had the second one after {late} s: bo was slow"
    await room.say("three")
    assert home.texts == ["three"], f"bo came back on a new connection, and on that he got {home.texts}"

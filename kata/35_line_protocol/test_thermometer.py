import asyncio

import pytest
from thermometer import Thermometer


class Wire:
    """Stands in for the transport, and keeps what was sent."""

    def __init__(self) -> None:
        self.sent = b""

    def write(self, data: bytes) -> None:
        self.sent += data


def connected() -> Thermometer:
    thermometer = Thermometer()
    thermometer.connection_made(Wire())
    return thermometer


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 100])
async def test_each_question_gets_its_own_answer(size):
    thermometer, answers = connected(), ["21,5 °C", "très froid", "", "-3 °C"]
    futures = [thermometer.ask(f"question {n}") for n in range(len(answers))]
    data = "".join(f"{answer}\n" for answer in answers).encode()
    for start in range(0, len(data), size):
        thermometer.data_received(data[start : start + size])
    got = [future.result() if future.done() else "no answer" for future in futures]
    assert got == answers, f"the answers came in pieces of {size} bytes"


async def test_an_answer_is_there_as_soon_as_its_line_is_whole():
    thermometer = connected()
    first, second = thermometer.ask("roof?"), thermometer.ask("cellar?")
    thermometer.data_received(b"21\n1")
    assert first.done() and not second.done(), "one line and a half have come: one answer, and not two"
    thermometer.data_received(b"2\n")
    assert (first.result(), second.result()) == ("21", "12")


async def test_whoever_gave_up_does_no_harm():
    thermometer = connected()
    gone, patient = thermometer.ask("roof?"), thermometer.ask("cellar?")
    gone.cancel()
    thermometer.data_received(b"21\n12\n")
    assert gone.cancelled()
    assert patient.done() and patient.result() == "12", f"21 was for the one who gave up, 12 is for {patient}"


async def test_a_lost_connection_is_told_to_all_who_wait():
    thermometer = connected()
    answered, waiting, half = (thermometer.ask(place) for place in ("roof?", "cellar?", "garden?"))
    thermometer.data_received(b"21\n1")
    thermometer.connection_lost(None)
    outcomes = await asyncio.wait_for(asyncio.gather(answered, waiting, half, return_exceptions=True), 5)
    assert outcomes[0] == "21"
    assert [type(outcome) for outcome in outcomes[1:]] == [ConnectionError] * 2, f"the connection was lost: {outcomes}"

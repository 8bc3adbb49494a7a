import asyncio
from contextlib import asynccontextmanager

import pytest
from thermometer import Thermometer


@asynccontextmanager
async def connected():
    """A driver, and the device at the other end of a real connection."""
    loop = asyncio.get_running_loop()
    called = loop.create_future()
    server = await asyncio.start_server(lambda _, device: called.set_result(device), "127.0.0.1", 0)
    transport, thermometer = await loop.create_connection(Thermometer, *server.sockets[0].getsockname())
    device = await called
    try:
        yield thermometer, device
    finally:
        transport.abort()
        device.transport.abort()
        server.close()
        await server.wait_closed()


async def say(device: asyncio.StreamWriter, *pieces: bytes) -> None:
    for piece in pieces:
        device.write(piece)
        await asyncio.sleep(0.5)


def told(future: asyncio.Future[str]) -> str:
    """What whoever asked has been told by now."""
    if not future.done():
        return "nothing yet"
    error = asyncio.CancelledError() if future.cancelled() else future.exception()
    return future.result() if error is None else f"{type(error).__name__}: {error}"


@pytest.mark.parametrize("size", [2, 4, 1, 100])
async def test_each_question_gets_its_own_answer(size):
    answers = ["21", "-3", "", "19"]
    data = "".join(f"{answer}\n" for answer in answers).encode()
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    async with connected() as (thermometer, device):
        futures = [thermometer.ask(place) for place in ("roof?", "yard?", "pond?", "hall?")]
        await say(device, *pieces)
        got = [told(future) for future in futures]
    assert got == answers, f"the device sent {pieces}, and those who had asked were told {got}"


async def test_an_answer_is_there_as_soon_as_its_line_is_whole():
    async with connected() as (thermometer, device):
        roof, yard = thermometer.ask("roof?"), thermometer.ask("yard?")
        await say(device, b"21 \xc2\xb0C\n-3 \xc2")  # the degree sign is two bytes
        assert (told(roof), told(yard)) == ("21 °C", "nothing yet"), (
            f"one line and a half have come, and the first to ask was told {told(roof)!r}, the second {told(yard)!r}"
        )
        await say(device, b"\xb0", b"C\n")
        assert told(yard) == "-3 °C", f"the rest of the second line has come, and the second was told {told(yard)!r}"


async def test_whoever_gave_up_does_no_harm():
    async with connected() as (thermometer, device):
        gone, patient = thermometer.ask("roof?"), thermometer.ask("yard?")
        gone.cancel()
        await say(device, b"21\n-3\n")
        assert told(patient) == "-3", f"21 was for one who had given up, -3 for another, who was told {told(patient)!r}"


async def test_two_devices_are_two_connections():
    async with connected() as (one, roof), connected() as (other, yard):
        first, second = one.ask("roof?"), other.ask("yard?")
        await say(roof, b"2")
        await say(yard, b"-3\n")
        await say(roof, b"1\n")
        got = [told(first), told(second)]
    assert got == ["21", "-3"], f"one sent 2, the other a whole -3, the first its 1: those who asked were told {got}"


async def test_a_lost_connection_is_told_to_all_who_wait():
    async with connected() as (thermometer, device):
        futures = [thermometer.ask(place) for place in ("roof?", "yard?", "pond?")]
        await say(device, b"21\n-")
        device.close()
        await asyncio.sleep(1)
        first, *others = [told(future) for future in futures]
    assert first == "21", f"21 had come before the connection was lost, and the first to ask was told {first!r}"
    misled = [text for text in others if not text.startswith("Connection")]
    assert misled == [], f"one line and a half had come: the two who still waited should hear of it, and heard {others}"

from hashlib import sha256

from market import PREDICTION, market


async def what_was_said() -> list[str]:
    said: list[str] = []
    await market(said.append)
    return said


async def fits(*lines: str) -> bool:
    """Whether these lines come in the order in which they were predicted."""
    return [line for line in PREDICTION if line in lines] == [line for line in await what_was_said() if line in lines]


async def test_line_by_line():
    said, predicted = await what_was_said(), list(PREDICTION)
    complete = sorted(predicted) == sorted(said)
    assert complete, "the prediction should hold each of the eight lines once"
    for number, (expected, came) in enumerate(zip(predicted, said, strict=True), start=1):
        assert expected == came, f"line {number}: you expected {expected!r}, and then came {came!r}"


async def test_a_new_task_comes_later():
    assert await fits("gates open", "baker unpacks"), "when does a task begin that create_task() has just made?"


async def test_an_await_is_not_always_a_turn():
    assert await fits("good morning", "bell", "gates open"), (
        "greet() is awaited: does anybody else get to say something because of that?"
    )


async def test_who_comes_first_goes_first():
    assert await fits("baker unpacks", "bell", "first customer"), (
        "three are ready for the next turn: a new task, a callback, and market() itself"
    )


async def test_a_callback_does_not_interrupt():
    assert await fits("baker sells", "baker is praised", "gates close"), (
        "the baker asks for a callback, goes on, and ends: who hears of what, and when?"
    )


async def test_the_program_is_as_it_was_given():
    mark = sha256("\n".join(await what_was_said()).encode()).hexdigest()[:12]
    assert mark == "a9563a9bec33", "market() says its lines in a new order: only PREDICTION is yours to edit"

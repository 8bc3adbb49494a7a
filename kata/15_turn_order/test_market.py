from hashlib import sha256

from market import PREDICTION, market


async def what_was_said() -> list[str]:
    said: list[str] = []
    await market(said.append)
    return said


async def predicted_and_said(*lines: str) -> tuple[list[str], list[str]]:
    return [line for line in PREDICTION if line in lines], [line for line in await what_was_said() if line in lines]


async def test_the_whole_order():
    said, predicted = await what_was_said(), list(PREDICTION)
    assert sorted(predicted) == sorted(said), "the prediction should hold each of the eight lines once"
    right = next((n for n, line in enumerate(said) if predicted[n] != line), len(said))
    assert right == len(said), f"{right} lines are right, then you expected {predicted[right]!r}, and another came"


async def test_a_new_task_comes_later():
    predicted, said = await predicted_and_said("gates open", "baker unpacks")
    assert predicted == said, "when does a task begin that create_task() has just made?"


async def test_an_await_is_not_always_a_turn():
    predicted, said = await predicted_and_said("good morning", "bell", "gates open")
    assert predicted == said, "greet() is awaited: does anybody else get to say something because of that?"


async def test_who_comes_first_goes_first():
    predicted, said = await predicted_and_said("baker unpacks", "bell", "first customer")
    assert predicted == said, "three are ready for the next turn: a new task, a callback, and market() itself"


async def test_a_callback_does_not_interrupt():
    predicted, said = await predicted_and_said("baker sells", "baker is praised", "gates close")
    assert predicted == said, "the baker asks for a callback, goes on, and ends: who hears of what, and when?"


async def test_the_program_is_as_it_was_given():
    mark = sha256("\n".join(await what_was_said()).encode()).hexdigest()[:12]
    assert mark == "a9563a9bec33", "market() says its lines in a new order: only PREDICTION is yours to edit"

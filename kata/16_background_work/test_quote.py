import asyncio

import pytest
from quote import quote


class LogFull(Exception):
    """The provider could not write its log."""


class Provider:
    """Answers after `answers` s, then tidies up for `tidies` s more; remembers when, on the loop's clock."""

    def __init__(self, text: str, answers: float, tidies: float, error: Exception | None = None) -> None:
        self.text, self.answers, self.tidies, self.error = text, answers, tidies, error
        self.shown: list[str] = []
        self.shown_at = 0.0
        self.asked = 0
        self.state = "not asked"

    async def provide(self, answer: asyncio.Future[str]) -> None:
        self.asked += 1
        try:
            await asyncio.sleep(self.answers)
            self.state = "busy tidying up"
            answer.set_result(self.text)
            await asyncio.sleep(self.tidies)
            if self.error:
                raise self.error
            self.state = "done"
        except asyncio.CancelledError:
            self.state = "cut off"
            raise

    def show(self, text: str) -> None:
        self.shown.append(text)
        self.shown_at = asyncio.get_running_loop().time()


@pytest.mark.parametrize("tidies", [1.0, 400.0])
def test_the_provider_is_not_cut_off(tidies):
    provider = Provider("100 euro", answers=2, tidies=tidies)
    asyncio.run(quote(provider.provide, provider.show))
    assert provider.state == "done", f"the program is over, and the provider, who had to tidy up, was {provider.state}"


async def test_the_answer_is_shown_at_once():
    provider = Provider("250 euro", answers=3, tidies=4)
    start = asyncio.get_running_loop().time()
    await quote(provider.provide, provider.show)
    shown_after = provider.shown_at - start
    await asyncio.sleep(60)
    assert provider.shown == ["250 euro"], f"there is one answer, and shown was {provider.shown}"
    assert shown_after == 3.0, f"the answer was there after 3 s, and it was shown after {shown_after} s"


async def test_nobody_waits_longer_than_the_provider(stopwatch):
    provider = Provider("75 euro", answers=1, tidies=0.54321)
    nobodys_concern = asyncio.create_task(asyncio.sleep(30))
    with stopwatch() as run:
        await quote(provider.provide, provider.show)
    await nobodys_concern
    await asyncio.sleep(60)
    assert provider.asked == 1, f"the provider was asked {provider.asked} times"
    assert run.elapsed == 1.54321, f"the provider had ended after 1.54321 s, and quote() ended after {run.elapsed} s"


async def test_an_error_while_tidying_up_is_not_lost():
    provider = Provider("60 euro", answers=1, tidies=2, error=LogFull())
    task = asyncio.create_task(quote(provider.provide, provider.show))
    await asyncio.wait([task])
    await asyncio.sleep(60)
    error = task.exception()
    while isinstance(error, ExceptionGroup):  # what a TaskGroup makes of it
        error = error.exceptions[0]
    assert isinstance(error, LogFull), f"the provider's log was full, and what quote() raised is {error!r}"

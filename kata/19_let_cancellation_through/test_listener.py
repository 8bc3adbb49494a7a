import asyncio

import pytest
from hypothesis import given, strategies as st
from listener import listen


class LineDown(Exception):
    """The feed broke down."""


class Feed:
    """A message each second, then the end, an error, or silence; closing takes 0.5 s."""

    def __init__(self, *messages: str, ends: bool = True, error: Exception | None = None) -> None:
        self.messages, self.ends, self.error = iter(messages), ends, error
        self.kept: list[str] = []
        self.closed = 0

    async def read(self) -> str | None:
        await asyncio.sleep(1)
        message = next(self.messages, None)
        if message is None and self.error:
            raise self.error
        if message is None and not self.ends:
            await asyncio.sleep(1000)
        return message

    async def close(self) -> None:
        await asyncio.sleep(0.5)
        self.closed += 1


async def test_a_cancelled_task_is_cancelled():
    feed = Feed("up", "down", ends=False)
    task = asyncio.create_task(listen(feed, feed.kept.append))
    await asyncio.sleep(2.5)
    task.cancel()
    await asyncio.wait([task])
    assert task.cancelled(), "listen() was cancelled, and its task did not end as cancelled"
    assert feed.kept[:2] == ["up", "down"], f"two messages came before the cancellation, and kept were {feed.kept}"


async def test_a_timeout_around_it_is_noticed(stopwatch):
    feed = Feed("up", "down", ends=False)
    with stopwatch() as run:
        try:
            async with asyncio.timeout(4):
                await listen(feed, feed.kept.append)
        except TimeoutError:
            noticed = True
        else:
            noticed = False
    assert noticed, f"the time was over at 4 s; at {run.elapsed} s the caller went on and knew nothing of it"
    assert run.elapsed == 4.5, f"the limit is 4 s, closing takes 0.5 s, and all of it took {run.elapsed} s"


@pytest.mark.parametrize("stopped_at", [0.5, 2.5])
async def test_the_feed_is_closed_once_when_cancelled(stopped_at):
    feed = Feed("up", "down", "up", ends=False)
    task = asyncio.create_task(listen(feed, feed.kept.append))
    await asyncio.sleep(stopped_at)
    task.cancel()
    await asyncio.wait([task])
    assert feed.closed == 1, f"listen() was cancelled at {stopped_at} s, and the feed was closed {feed.closed} times"


async def test_an_error_goes_on():
    feed = Feed("up", error=LineDown())
    task = asyncio.create_task(listen(feed, feed.kept.append))
    await asyncio.wait([task])
    error = task.exception()
    while isinstance(error, ExceptionGroup):  # what a TaskGroup makes of it
        error = error.exceptions[0]
    assert isinstance(error, LineDown), f"the line went down, and what listen() raised is {error!r}"
    assert feed.kept[:1] == ["up"], f"one message came before the line went down, and kept were {feed.kept}"
    assert feed.closed == 1, f"the line went down, and the feed was closed {feed.closed} times"


@given(st.lists(st.sampled_from(["up", "down", ""]), max_size=5))
async def test_everything_is_kept_to_the_end(messages):
    feed = Feed(*messages)
    await listen(feed, feed.kept.append)
    assert (feed.kept, feed.closed) == (messages, 1), f"closed {feed.closed} times, and kept {feed.kept} of {messages}"

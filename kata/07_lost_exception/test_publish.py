import asyncio

import pytest
from hypothesis import given, strategies as st
from publish import publish


class Blog:
    """Uploads and renders, each in its own number of seconds, and remembers what is over."""

    def __init__(self, upload: int, render: int, errors: dict[str, Exception] | None = None) -> None:
        self.seconds = {"upload": upload, "render": render}
        self.errors = errors or {}
        self.over: list[str] = []

    async def work(self, part: str) -> None:
        await asyncio.sleep(self.seconds[part])
        if part in self.errors:
            raise self.errors[part]
        self.over.append(part)

    async def upload(self) -> None:
        await self.work("upload")

    async def render(self) -> str:
        await self.work("render")
        return "about tea"

    async def what_reaches_the_caller(self) -> list[object]:
        """What publish gave back or raised, and, for an error, its cause and what is in the group."""
        [outcome] = await asyncio.gather(publish(self.upload, self.render), return_exceptions=True)
        await asyncio.sleep(60)  # the other part may still be at work
        return [outcome, getattr(outcome, "__cause__", None), *getattr(outcome, "exceptions", ())]


@pytest.mark.parametrize(("upload", "render"), [(3, 2), (1, 2)])
@pytest.mark.parametrize("error", [OSError("no space left on the server"), ValueError("not a picture")])
async def test_an_error_of_the_upload_reaches_the_caller(upload, render, error):
    told = await Blog(upload, render, {"upload": error}).what_reaches_the_caller()
    assert error in told, f"upload {upload} s, rendering {render} s; the upload failed, and publish gave {told[0]!r}"


async def test_an_error_of_the_rendering_reaches_the_caller():
    error = KeyError("title")
    told = await Blog(1, 2, {"render": error}).what_reaches_the_caller()
    assert error in told, f"rendering failed with {error!r}, and publish gave {told[0]!r}"


@given(st.integers(1, 9), st.integers(1, 9))
async def test_the_page_comes_when_both_are_over(upload, render):
    blog = Blog(upload, render)
    page = await publish(blog.upload, blog.render)
    assert page == "on line: about tea"
    assert sorted(blog.over) == ["render", "upload"], f"publish has returned, and what is over by now is {blog.over}"


@given(st.integers(1, 9), st.integers(1, 9))
async def test_both_run_at_the_same_time(stopwatch, upload, render):
    blog = Blog(upload, render)
    with stopwatch() as run:
        await publish(blog.upload, blog.render)
    slower = max(upload, render)
    assert run.elapsed == slower, f"the upload takes {upload} s, rendering {render} s, and publish took {run.elapsed} s"

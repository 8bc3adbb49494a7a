import asyncio

from hypothesis import given, strategies as st
from publish import publish


class Blog:
    """Uploads and renders, each in its own number of seconds, and remembers what is over."""

    def __init__(self, upload: int, render: int, error: Exception | None = None) -> None:
        self.seconds = {"upload": upload, "render": render}
        self.error = error
        self.over: list[str] = []

    async def upload(self) -> None:
        await asyncio.sleep(self.seconds["upload"])
        if self.error is not None:
            raise self.error
        self.over.append("upload")

    async def render(self) -> str:
        await asyncio.sleep(self.seconds["render"])
        self.over.append("render")
        return "about tea"


async def test_an_error_of_the_upload_reaches_the_caller():
    error = OSError("no space left on the server")
    blog = Blog(upload=3, render=2, error=error)
    [outcome] = await asyncio.gather(publish(blog.upload, blog.render), return_exceptions=True)
    inside = getattr(outcome, "exceptions", ())  # a TaskGroup wraps what its tasks raise
    told = [outcome, getattr(outcome, "__cause__", None), *inside]
    assert error in told, f"the upload failed with {error!r}, and publish gave {outcome!r}"


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

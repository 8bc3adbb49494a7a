"""Every way to run async code: what blocks is reported with its line, what does not is not, and outcomes stay."""

import json
import re
import sys
import textwrap

import pytest

STRICT = ["--redloop-blocking=error", "--redloop-calls=tests"]
MARK = "# <-"

COROUTINES = """
    import asyncio, threading, time, unittest
    import pytest

    async def blocking():
        await asyncio.sleep(0)
        time.sleep(0.1)  # <-

    async def clean():
        await asyncio.sleep(0.001)
        await asyncio.to_thread(time.sleep, 0.06)
"""

PAIR = """
    def test_blocks():
        run(blocking)

    def test_clean():
        run(clean)
"""

WAYS = {
    "pytest-asyncio, strict": """
    @pytest.mark.asyncio
    async def test_blocks():
        await blocking()

    @pytest.mark.asyncio
    async def test_clean():
        await clean()
    """,
    "anyio's plugin on asyncio": """
    pytestmark = pytest.mark.anyio

    @pytest.fixture
    def anyio_backend():
        return "asyncio"

    async def test_blocks():
        await blocking()

    async def test_clean():
        await clean()
    """,
    "anyio's plugin on uvloop": """
    pytestmark = pytest.mark.anyio

    @pytest.fixture
    def anyio_backend():
        return "asyncio", {"use_uvloop": True}

    async def test_blocks():
        await blocking()

    async def test_clean():
        await clean()
    """,
    "IsolatedAsyncioTestCase": """
    class Tests(unittest.IsolatedAsyncioTestCase):
        async def test_blocks(self):
            await blocking()

        async def test_clean(self):
            await clean()
    """,
    "its set-up": """
    class Blocks(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self):
            await blocking()

        async def test_blocks(self):
            pass

    class Clean(unittest.IsolatedAsyncioTestCase):
        async def asyncSetUp(self):
            await clean()

        async def test_clean(self):
            pass
    """,
    "asyncio.run": """
    def run(job):
        asyncio.run(job())
    """
    + PAIR,
    "asyncio.Runner": """
    def run(job):
        with asyncio.Runner() as runner:
            runner.run(asyncio.sleep(0))
            runner.run(job())
    """
    + PAIR,
    "a loop made by hand": """
    def run(job):
        loop = asyncio.new_event_loop()
        loop.run_until_complete(loop.create_task(job()))
        loop.close()
    """
    + PAIR,
    "several loops": """
    def run(job):
        loops = [asyncio.new_event_loop() for _ in range(3)]
        for round in range(2):
            for loop in loops:
                last = round == 1 and loop is loops[-1]
                loop.run_until_complete(job() if last else asyncio.sleep(0))
        for loop in loops:
            loop.close()
    """
    + PAIR,
    "a loop in another thread": """
    def run(job):
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=loop.run_forever)
        thread.start()
        asyncio.run_coroutine_threadsafe(job(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
    """
    + PAIR,
    "two loops at once": """
    def run(job):
        thread = threading.Thread(target=asyncio.run, args=[asyncio.sleep(0.05)])
        thread.start()
        asyncio.run(job())
        thread.join()
    """
    + PAIR,
    "tasks in a group": """
    def run(job):
        async def main():
            async with asyncio.TaskGroup() as group:
                group.create_task(asyncio.sleep(0.01))
                group.create_task(job())
        asyncio.run(main())
    """
    + PAIR,
    "uvloop": """
    import uvloop

    def run(job):
        uvloop.run(job())
    """
    + PAIR,
    "uvloop, imported by the test": """
    def run(job):
        import uvloop
        uvloop.run(job())
    """
    + PAIR,
    "pytest-aiohttp": """
    import pytest_asyncio
    from aiohttp import web

    async def answer(request):
        await {"blocks": blocking, "clean": clean}[request.match_info["job"]]()
        return web.Response()

    @pytest_asyncio.fixture
    async def client(aiohttp_client):
        app = web.Application()
        app.router.add_get("/{job}", answer)
        return await aiohttp_client(app)

    @pytest.mark.asyncio
    async def test_blocks(client):
        assert (await client.get("/blocks")).status == 200

    @pytest.mark.asyncio
    async def test_clean(client):
        assert (await client.get("/clean")).status == 200
    """,
}
if sys.version_info >= (3, 12):
    WAYS["eager tasks"] = (
        """
    def run(job):
        async def main():
            asyncio.get_running_loop().set_task_factory(asyncio.eager_task_factory)
            await asyncio.create_task(job())
        asyncio.run(main())
    """
        + PAIR
    )


LATE = "uvloop, imported by the test"


def write(example, ways):
    """Write a module for each way; return the line that blocks, by module."""
    example.ini("asyncio_mode = strict", "asyncio_default_fixture_loop_scope = function", "filterwarnings = error")
    lines = {}
    for number, way in enumerate(ways):
        source = f"# {way}\n" + textwrap.dedent(COROUTINES) + textwrap.dedent("\n" + WAYS[way])
        path = example.pytester.makepyfile(**{f"test_{number:02}": source})
        lines[path.name] = next(n for n, line in enumerate(path.read_text().splitlines(), 1) if MARK in line)
    return lines


def as_it_must_be(lines):
    """What is to be seen of each test: its outcome, and what blocked where."""
    blocks = {
        f"{module}::test_blocks": ("failed", [("time.sleep", line, "blocking")]) for module, line in lines.items()
    }
    return blocks | {f"{module}::test_clean": ("passed", []) for module in lines}


def as_it_is(example):
    report = json.loads((example.pytester.path / "report.json").read_text())
    return {
        re.sub("::(Tests|Blocks|Clean)::", "::", test["nodeid"]): (
            test["outcome"],
            [(call["call"], call["lineno"], call["function"]) for call in test["blocking_calls"]],
        )
        for test in report["tests"]
    }


@pytest.mark.parametrize("ways", [[way for way in WAYS if way != LATE], [LATE]], ids=["all but one", LATE])
def test_what_blocks_fails_with_its_line_and_what_does_not_passes(example, ways):
    lines = write(example, ways)
    example.run(*STRICT, "--redloop-json=report.json")
    assert as_it_is(example) == as_it_must_be(lines)

    result = example.run("--redloop-calls=tests")
    result.assert_outcomes(passed=2 * len(ways))
    result.stdout.fnmatch_lines_random(
        [f"{module}:{line} in blocking: time.sleep (once, *; 1 test)" for module, line in lines.items()]
    )


def test_a_callback_of_c_code_that_a_helper_has_scheduled(example):
    """The helper has returned, and nothing but the loop is on the stack: pytest's own lines say nothing."""
    result = example.run(
        "--redloop-calls=tests",
        helpers="""
        import asyncio, time

        def elsewhere():
            asyncio.get_running_loop().call_later(0.01, time.sleep, 0.1)

        def further():
            elsewhere()
        """,
        test_it="""
        import asyncio, time

        import helpers

        def arrange(seconds):
            asyncio.get_running_loop().call_later(0.01, time.sleep, seconds)

        async def test_long():
            arrange(0.1)
            await asyncio.sleep(0.05)

        async def test_short():
            arrange(0.02)
            await asyncio.sleep(0.05)

        async def test_elsewhere():
            helpers.elsewhere()
            await asyncio.sleep(0.05)

        async def test_further_away():
            helpers.further()
            await asyncio.sleep(0.05)
        """,
    )
    result.assert_outcomes(passed=4)
    result.stdout.fnmatch_lines_random(
        [
            "test_it.py:6 in arrange: time.sleep (2 times, *; 2 tests)",
            "helpers.py:4 in elsewhere: time.sleep (once, *; 1 test)",
            "test_it.py:20 in test_further_away: time.sleep (once, *; 1 test)",
        ]
    )
    assert result.stdout.str().count("time.sleep (") == 3

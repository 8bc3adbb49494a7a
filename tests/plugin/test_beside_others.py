"""Beside other tools: each does its work, and so does redloop."""

import json
import subprocess
import sys
import textwrap
import time

import pytest

SUITE = """
    import asyncio, time

    async def blocking():
        await asyncio.sleep(0)
        time.sleep(0.1)

    async def test_blocks():
        await blocking()

    async def test_clean():
        await asyncio.sleep(0)
"""

SHOP = """
    import asyncio, time

    async def blocking():
        await asyncio.sleep(0)
        time.sleep(0.2)  # blocks
        return 1

    def in_a_thread():
        time.sleep(0.06)
        return 2

    async def clean(always=True):
        if not always:
            return 0  # never
        return await asyncio.to_thread(in_a_thread)
"""
CORES = ["ctrace", "sysmon"] if sys.version_info >= (3, 12) else ["ctrace"]
HOWS = {
    "ctrace": ["--timeout=60", "--timeout-method=signal", "--import-mode=importlib", "--pdb"],
    "sysmon": ["--timeout=60", "--timeout-method=thread", "--import-mode=append"],
}


def line_of(example, module, comment):
    lines = (example.pytester.path / f"{module}.py").read_text().splitlines()
    return next(number for number, line in enumerate(lines, 1) if line.endswith(comment))


def blocked(tests):
    return {
        test["nodeid"].partition("::")[2]: [(call["call"], call["lineno"]) for call in test["blocking_calls"]]
        for test in tests
    }


@pytest.mark.parametrize("core", CORES)
def test_coverage_timeouts_tracebacks_and_import_modes(example, monkeypatch, core):
    """Coverage counts the same lines; the time-outs neither hit nor are seen; the dump of all threads is made."""
    monkeypatch.setenv("COVERAGE_CORE", core)
    example.pytester.makepyfile(
        shop=textwrap.dedent(SHOP),
        test_it="""
        import os, sys
        from shop import blocking, clean

        async def test_blocks():
            assert await blocking() == 1

        async def test_clean():
            assert await clean() == 2
            assert (sys.gettrace() is None) is (os.environ["COVERAGE_CORE"] == "sysmon")
        """,
    )
    example.ini("asyncio_mode = auto", "faulthandler_timeout = 0.1")
    result = example.run(
        *HOWS[core], "--redloop-blocking=error", "--redloop-json=report.json", "--cov=shop", "--cov-report=json"
    )
    result.assert_outcomes(passed=1, failed=1)
    tests = json.loads((example.pytester.path / "report.json").read_text())["tests"]
    line = line_of(example, "shop", "# blocks")
    assert blocked(tests) == {"test_blocks": [("time.sleep", line)], "test_clean": []}
    coverage = json.loads((example.pytester.path / "coverage.json").read_text())
    assert coverage["files"]["shop.py"]["missing_lines"] == [line_of(example, "shop", "# never")]
    result.stderr.fnmatch_lines(["Timeout (0:00:00.1*"])


def test_anyios_plugin_without_pytest_asyncio_and_uvloop_beside(example):
    example.pytester.makepyfile(
        shop=textwrap.dedent(SHOP),
        test_it="""
        import asyncio
        import pytest
        from shop import blocking, clean

        pytestmark = pytest.mark.anyio

        @pytest.fixture(params=[False, True], ids=["asyncio", "uvloop"])
        def anyio_backend(request):
            return "asyncio", {"use_uvloop": request.param}

        @pytest.fixture
        async def loop(anyio_backend):
            return type(asyncio.get_running_loop()).__module__.partition(".")[0]

        async def test_blocks(loop, anyio_backend):
            assert await blocking() == 1
            assert loop == ("uvloop" if anyio_backend[1]["use_uvloop"] else "asyncio")

        async def test_clean(loop):
            assert await clean() == 2
        """,
    )
    example.ini("console_output_style = classic")
    result = example.run("-p", "no:asyncio", "--redloop-blocking=error", "--redloop-json=report.json")
    result.assert_outcomes(passed=2, failed=2)
    tests = json.loads((example.pytester.path / "report.json").read_text())["tests"]
    line = line_of(example, "shop", "# blocks")
    assert blocked(tests) == {
        f"test_{what}[{loop}]": [("time.sleep", line)] * (what == "blocks")
        for what in ("blocks", "clean")
        for loop in ("asyncio", "uvloop")
    }


def test_switched_off_it_is_not_there(example):
    result = example.run("-p", "no:redloop", test_it=SUITE)
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*redloop: *")


def test_fixtures_that_are_called_as_pytest_asyncios_or_belong_to_no_module(example):
    result = example.run(
        test_it="""
            import asyncio
            import pytest

            made = {}
            exec("import pytest\\n@pytest.fixture\\ndef at_run_time():\\n    return 1", made)
            at_run_time = made["at_run_time"]

            @pytest.fixture(scope="session")
            def my_scoped_runner():
                return object()

            @pytest.fixture
            def own_scoped_runner(my_scoped_runner):
                return my_scoped_runner

            async def test_async(at_run_time, own_scoped_runner):
                await asyncio.sleep(0)

            def test_sync(at_run_time, own_scoped_runner):
                asyncio.run(asyncio.sleep(0))

            @pytest.mark.redloop(schedules=2)
            async def test_explored(my_scoped_runner):
                await asyncio.sleep(0)
        """,
    )
    result.assert_outcomes(passed=3)


def test_a_plan_of_the_set_up_is_no_error(example):
    """pytest then gives a fixture's hook something of its own in the place of what the fixture would return."""
    result = example.run("--setup-plan", "--redloop-json=report.json", test_it=SUITE)
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(["*_function_scoped_runner*"])


def test_time_at_a_debuggers_prompt_is_nobodys(example):
    """Whoever thinks at the prompt blocks the loop for as long, and knows it."""
    example.pytester.makepyfile(
        test_it="""
        import asyncio

        async def test_stops():
            await asyncio.sleep(0)
            breakpoint()
            await asyncio.sleep(0)
        """
    )
    command = [sys.executable, "-m", "pytest", "--redloop-blocking=error", "--redloop-calls=tests"]
    with subprocess.Popen(
        [*command, "-p", "no:randomly", "-p", "no:cacheprovider"],
        cwd=example.pytester.path,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        seen = ""
        while not seen.endswith("(Pdb) "):
            character = process.stdout.read(1)
            assert character, seen
            seen += character
        time.sleep(0.3)
        process.stdin.write("continue\n")
        process.stdin.flush()
        rest, _ = process.communicate()
    assert "1 passed" in rest, seen + rest
    assert "redloop: " not in rest


@pytest.mark.parametrize("first", ["with", "without"])
def test_a_tool_that_goes_round_the_same_functions_in_some_tests(example, first):
    """As blockbuster does, with other functions in each test."""
    installed = example.pytester.mkdir("site-packages")
    (installed / "tool.py").write_text(
        textwrap.dedent("""
        import asyncio, os, subprocess, time

        PLACES = (os, "stat"), (os, "listdir"), (time, "sleep"), (subprocess.Popen, "wait")
        ORIGINALS = [vars(owner)[name] for owner, name in PLACES]
        calls = []

        def going_round(function):
            def wrapper(*args, **kwargs):
                if asyncio._get_running_loop() is not None:
                    calls.append(function.__name__)
                return function(*args, **kwargs)
            return wrapper

        def put():
            for (owner, name), original in zip(PLACES, ORIGINALS):
                setattr(owner, name, going_round(original))

        def take_away():
            for (owner, name), original in zip(PLACES, ORIGINALS):
                setattr(owner, name, original)
        """)
    )
    example.ini("asyncio_mode = auto", "asyncio_default_fixture_loop_scope = function", "pythonpath = site-packages")
    order = [True, False, True, True, False]
    result = example.run(
        "--redloop-calls=tests",
        test_it=f"""
        import os, subprocess, time
        from os import stat

        import pytest, tool

        @pytest.fixture
        def tools(request):
            if request.param:
                tool.put()
            yield
            tool.take_away()

        @pytest.mark.parametrize("tools", {order if first == "with" else [not one for one in order]}, indirect=True)
        async def test_it(tools):
            tool.calls.clear()
            stat(".")
            os.stat(".")
            os.listdir(".")
            time.sleep(0.001)
            process = subprocess.Popen(["true"])
            process.wait()
            assert tool.calls in ([], ["stat", "listdir", "sleep", "wait"])

        def test_nothing_is_left():
            assert all(vars(owner)[name] is one for (owner, name), one in zip(tool.PLACES, tool.ORIGINALS))
        """,
    )
    result.assert_outcomes(passed=6)
    told = [line.split(" in test_it: ") for line in result.stdout.lines if line.startswith("test_it.py:")]
    assert sorted((place, what.partition(",")[0]) for place, what in told) == [
        ("test_it.py:16", "os.stat (5 times"),
        ("test_it.py:17", "os.stat (5 times"),
        ("test_it.py:18", "os.listdir (5 times"),
        ("test_it.py:19", "time.sleep (5 times"),
        ("test_it.py:20", "subprocess.Popen (5 times"),
        ("test_it.py:21", "subprocess.Popen.wait (5 times"),
    ]


def install_tool(example):
    installed = example.pytester.mkdir("site-packages")
    (installed / "tool.py").write_text(
        textwrap.dedent("""
        import os

        def put():
            original = os.stat
            def wrapper(*args, **kwargs):
                return original(*args, **kwargs)
            os.stat = wrapper
            return original, wrapper
        """)
    )
    example.ini("pythonpath = site-packages")


def test_such_a_tool_may_go_round_ours_and_stay(example):
    install_tool(example)
    result = example.run(
        "--redloop-calls=tests",
        test_it="""
        import asyncio, os, tool

        async def look():
            os.stat(".")

        async def put():
            tool.put()

        def test_round_ours():
            tool.put()
            asyncio.run(look())
            asyncio.run(put())

        def test_then():
            asyncio.run(look())

        def test_and_then():
            asyncio.run(look())
        """,
    )
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["test_it.py:4 in look: os.stat (*"])


@pytest.mark.parametrize("loop_ends", ["before", "after"])
def test_such_a_tool_finds_its_own_when_the_loop_has_ended(example, loop_ends):
    install_tool(example)
    result = example.run(
        test_it=f"""
        import asyncio, os, tool

        ends_before = {loop_ends == "before"}

        def test_it():
            original, wrapper = tool.put()

            async def main():
                assert os.stat is not wrapper and os.stat(".")
                if not ends_before:
                    os.stat = original

            asyncio.run(main())
            if ends_before:
                globals().update(wrapper=wrapper, original=original)
            else:
                assert os.stat is original

        def test_then():
            if ends_before:
                assert os.stat is wrapper
                os.stat = original
        """,
    )
    result.assert_outcomes(passed=2)


@pytest.mark.skipif(sys.platform != "linux", reason="it reads /proc, and so do we")
def test_a_fixture_that_looks_for_files_left_open_finds_none_of_ours(example):
    result = example.run(
        test_it="""
        import asyncio, os, pytest, time

        def files():
            found = [f"/proc/self/fd/{name}" for name in os.listdir("/proc/self/fd")]
            return {path: os.readlink(path) for path in found if os.path.lexists(path)}

        @pytest.fixture(autouse=True)
        def nothing_is_left_open():
            before = files()
            yield
            assert files() == before

        @pytest.mark.parametrize("seconds", [0.01, 0.1, 0.1])
        async def test_it(seconds):
            before = files()
            await asyncio.sleep(seconds)
            time.sleep(seconds)
            assert files() == before
        """,
    )
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["test_it.py:17 in test_it: time.sleep (2 times, *"])


def test_async_generators_that_are_not_pythons_own(example):
    """Those of Cython tell the loop's hooks of themselves, too, and have neither a frame nor `ag_running`."""
    result = example.run(
        "-Werror",
        test_it="""
        import gc, sys

        class Compiled:
            def __init__(self):
                self.finalizer = None

            def __aiter__(self):
                return self

            async def __anext__(self):
                if self.finalizer is None:
                    first, self.finalizer = sys.get_asyncgen_hooks()
                    first(self)
                return 1

            async def aclose(self):
                closed.append(self)

        kept, closed = [], []

        async def pythons_own():
            try:
                yield 1
            finally:
                pass

        async def test_left_open():
            kept.append(Compiled())
            async for _ in kept[0]:
                break

        async def test_dropped():
            async for _ in pythons_own():
                pass
            compiled = Compiled()
            async for _ in compiled:
                break
            compiled.finalizer(compiled)

        def test_the_loop_has_closed_them():
            assert len(closed) == 2
        """,
    )
    result.assert_outcomes(passed=3)
    result.stdout.no_fnmatch_line("*left behind by tests*")


def test_code_that_is_tested_as_on_another_python(example):
    result = example.run(
        test_it="""
        import asyncio, sys, time
        from unittest import mock

        import pytest

        async def close(self, *, abort=False):
            await asyncio.sleep(0)

        @pytest.mark.parametrize("version", [(3, 9, 0), (3, 99, 0), "unknown"])
        @pytest.mark.parametrize("platform", ["win32", sys.platform])
        async def test_it(version, platform):
            with mock.patch.object(sys, "version_info", version), mock.patch.object(sys, "platform", platform):
                await close(None)
                await asyncio.gather(close(1), close(2))
                await asyncio.to_thread(asyncio.run, close(None))
                time.sleep(0.06)
                open(__file__).close()
        """,
    )
    result.assert_outcomes(passed=6)
    result.stdout.fnmatch_lines(["test_it.py:16 in test_it: time.sleep (6 times, *; 6 tests)"])


@pytest.mark.skipif(sys.version_info < (3, 13), reason="before 3.13 no class runs out of versions by itself")
def test_a_long_suite_does_not_wear_the_interpreters_classes_out(example):
    result = example.run(
        test_many="""
            import asyncio, io, pathlib, threading

            import _testcapi
            import pytest

            # As it is after some thousand tests: each change of a class takes one of a thousand versions.
            @pytest.mark.parametrize("number", range(550))
            async def test_short(number):
                await asyncio.sleep(0)
                assert not io.BytesIO().closed and not pathlib.Path("x").is_absolute()

            def test_the_last():
                for kind in (pathlib.PosixPath, type(threading.Lock()), io.TextIOWrapper, io.BytesIO):
                    assert _testcapi.type_assign_version(kind), kind
        """,
    )
    result.assert_outcomes(passed=551)


def test_a_suites_own_hypothesis_profile(example):
    result = example.run(
        conftest="""
        from hypothesis import settings

        settings.register_profile("kata", max_examples=7)
        settings.load_profile("kata")
        """,
        test_it="""
        from hypothesis import settings

        async def test_it():
            assert settings.default.max_examples == settings.get_profile("kata").max_examples == 7
        """,
    )
    result.assert_outcomes(passed=1)

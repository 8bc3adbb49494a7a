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

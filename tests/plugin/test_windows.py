"""Where redloop does not work it stands aside: nobody's suite may fail for its being installed."""

import pytest

SUITE = """
    import asyncio
    import time

    import pytest

    @pytest.mark.redloop(blocking="error")
    async def test_blocks():
        time.sleep(0.06)
        await asyncio.sleep(0)
"""


@pytest.fixture
def on_windows(example):
    """What is told of the system, and no `ctypes.PyDLL(None)`: redloop's own modules fail to be imported there."""
    example.pytester.makepyfile(
        windows="""
        import ctypes

        import redloop.pytest_plugin

        redloop.pytest_plugin._IS_WINDOWS = True
        original = ctypes.PyDLL.__init__

        def init(self, name, *args, **kwargs):
            if name is None:
                raise TypeError("bad argument type for built-in operation")
            original(self, name, *args, **kwargs)

        ctypes.PyDLL.__init__ = init
        """
    )
    example.pytester.syspathinsert()
    return example


def test_the_suite_runs_as_without_it(on_windows):
    result = on_windows.run("-p", "windows", "--strict-markers", "-W", "error", test_it=SUITE)
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["redloop: it does nothing on Windows; run pytest in WSL *"])
    result.stdout.no_fnmatch_line("*blocked the event loop*")


def test_what_is_asked_of_it_is_refused(on_windows):
    result = on_windows.run("-p", "windows", "--redloop-blocking=error", test_it=SUITE)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: --redloop-blocking: redloop does not work on Windows; run pytest in WSL"])

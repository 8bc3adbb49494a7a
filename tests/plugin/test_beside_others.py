"""Beside other tools: each does its work, and so does redloop."""

import subprocess
import sys
import time

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


def test_switched_off_it_is_not_there(example):
    result = example.run("-p", "no:redloop", test_it=SUITE)
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*redloop: *")


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

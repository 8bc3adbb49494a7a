"""All exercises against their solutions in one run of pytest, as somebody who has solved them would start it."""

import re

import pytest
from bench.kata import run, solve


@pytest.mark.timeout(600)  # one process for all: how long that takes is up to who else is at work
def test_every_solution_is_green_in_one_process(tmp_path):
    kata = solve(tmp_path / "kata")
    done = run(tmp_path / "kata", "-v")
    assert done.returncode == 0, done.stdout
    passed = set(re.findall(r"^(\w+)/\S+ PASSED", done.stdout, re.MULTILINE))
    assert passed == {exercise.name for exercise in kata.exercises}

"""The wheel carries all that a learner needs, and is used with the sources out of reach."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    [path] = target.glob("redloop-*.whl")
    return path


@pytest.fixture(scope="module")
def unpacked(wheel, tmp_path_factory):
    target = tmp_path_factory.mktemp("site")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(target)
    return target


def run(unpacked, cwd, *code):
    environment = {**os.environ, "PYTHONPATH": str(unpacked), "PYTHONDONTWRITEBYTECODE": "1"}
    return subprocess.run(
        [sys.executable, "-c", *code], cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )


def test_holds_each_exercise_and_its_answers(unpacked):
    data = unpacked / "redloop" / "_data"
    for kind in ("kata", "solutions"):
        ours = {path.relative_to(ROOT) for path in (ROOT / kind).rglob("*") if path.is_file()}
        ours = {path for path in ours if not {"__pycache__", ".pytest_cache", ".hypothesis"} & set(path.parts)}
        packed = {path.relative_to(data) for path in (data / kind).rglob("*") if path.is_file()}
        assert packed == ours


def test_holds_the_guide_for_authors(unpacked):
    packed = unpacked / "redloop" / "_data" / "docs" / "writing-a-set.md"
    assert packed.read_text() == (ROOT / "docs" / "writing-a-set.md").read_text()


def test_holds_nothing_that_is_not_for_its_user(wheel):
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    assert {name.split("/")[0] for name in names} == {"redloop", "redloop-0.1.0.dist-info"}
    assert not [name for name in names if "__pycache__" in name or ".pytest_cache" in name]
    assert "redloop/py.typed" in names


def test_says_who_may_use_it_and_what_it_needs(unpacked):
    metadata = (unpacked / "redloop-0.1.0.dist-info" / "METADATA").read_text()
    required = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert required == ["Requires-Dist: pytest>=8.4"]
    assert "License-Expression: MIT" in metadata
    assert "# redloop" in metadata  # the description is not empty


def test_the_command_finds_the_kata_in_the_wheel(unpacked, tmp_path):
    result = run(unpacked, tmp_path, "import sys; from redloop.cli import main; sys.argv[1:] = ['list']; main()")
    assert (result.returncode, result.stderr) == (0, "")
    assert "never_awaited" in result.stdout


def test_loading_the_plugin_imports_nothing_heavy(unpacked, tmp_path):
    code = (
        "import sys, pytest; before = set(sys.modules); import redloop.pytest_plugin; "
        "print(sorted(set(sys.modules) - before))"
    )
    result = run(unpacked, tmp_path, code)
    assert result.stdout.strip() == "['redloop', 'redloop.pytest_plugin']"

"""A set that somebody else wrote: begun with `author new`, installed as a package, practised with `start --set`."""

from __future__ import annotations

import os
import shutil

from dojo.commandline import environ, redloop, redloop_process


def test_a_new_exercise_passes_author_check(tmp_path):
    status, told = redloop(tmp_path, "author", "new", "slow_start")
    assert (status, told) == (
        0,
        (
            "kata/01_slow_start is made, whole and about nothing. Make it about something.\n"
            "Then prove it:\n  redloop author check kata\nHow a set is written:\n  redloop author guide\n"
        ),
    )
    status, told = redloop(tmp_path, "author", "check")
    assert status == 0, told
    assert "✓ 01_slow_start              shipped red · solution green · 1 right · 2 wrong" in told


def test_the_guide_is_there_wherever_redloop_is(tmp_path):
    status, told = redloop(tmp_path, "author", "guide")
    assert (status, told.partition("\n")[0]) == (0, "Writing a set of exercises")
    assert "redloop author new slow_start" in told


def test_another_one_asks_for_its_place_in_the_set(mini):
    status, told = redloop(mini.folder.parent, "author", "new", "slow_start")
    assert status == 0
    assert 'Name it in a topic of kata/kata.toml: "03_slow_start"\n' in told
    assert (mini.folder.parent / "solutions/03_slow_start/wrong/the_other_way_round.py").is_file()
    for name, why in [
        ("Slow", "redloop: An exercise is called NN_name or name, in small letters (slow_start), not Slow\n"),
        ("03_slow_start", "redloop: kata/03_slow_start is there already, and was left as it is\n"),
        ("greet", "redloop: kata has an exercise called greet already: choose another name\n"),
    ]:
        assert redloop(mini.folder.parent, "author", "new", name) == (1, why)


def test_two_sets_in_one_folder_with_names_that_have_to_be_quoted(tmp_path):
    for name, folder in [("slow_start", "first set"), ("quick_tea", "für alle")]:
        status, told = redloop(tmp_path, "author", "new", name, "--set", folder)
        assert (status, f"\n  redloop author check '{folder}'\n" in told) == (0, True), told
    for folder in ("first set", "für alle"):
        status, told = redloop(tmp_path, "author", "check", folder)
        assert status == 0, told
    told = redloop(tmp_path, "start", "my kata", "--set", "für alle")[1]
    assert told.startswith("für alle: 1 exercise, in my kata\n")
    assert told.endswith("cd 'my kata' && redloop check 01\n")
    assert redloop(tmp_path, "start", "my kata")[1].endswith("Go on there: cd 'my kata' && redloop\n")


def test_one_exercise_is_proved_by_itself(mini):
    status, told = redloop(mini.folder.parent, "author", "check", "--only", "count_up")
    assert status == 0, told
    assert [line.split()[1] for line in told.splitlines() if line] == ["mini", "02_count_up", "1"]
    status, told = redloop(mini.folder.parent, "author", "check", "--only", "count_down")
    assert (status, told) == (2, 'redloop: There is no exercise "count_down". Did you mean "count_up"?\n')


def test_a_set_in_a_package_is_found_wherever_it_is_installed(tmp_path, mini):
    package = tmp_path / "site" / "mini_kata"
    shutil.copytree(mini.folder, package / "kata")
    shutil.copytree(mini.folder.parent / "solutions", package / "solutions")
    (package / "__init__.py").write_text("raise RuntimeError('nobody needs to import this')\n")
    paths = environ()["PYTHONPATH"]
    status, told = redloop_process(
        tmp_path, "start", "dojo", "--set", "mini_kata", PYTHONPATH=f"{package.parent}{os.pathsep}{paths}"
    )
    assert status == 0, told
    package.parent.rename(tmp_path / "elsewhere")
    moved = {"PYTHONPATH": f"{tmp_path / 'elsewhere'}{os.pathsep}{paths}"}
    assert "A mini kata: 2 exercises, 0 green" in redloop_process(tmp_path / "dojo", "list", **moved)[1]
    assert redloop_process(tmp_path / "dojo", "list") == (
        1,
        "redloop: mini_kata is no folder here and no installed package. Install it first, or name its folder\n",
    )
    status, told = redloop_process(tmp_path, "start", "other", "--set", "json")
    assert (status, told) == (
        1,
        "redloop: The package json has no set of exercises: no kata.toml in it or in its folder kata\n",
    )

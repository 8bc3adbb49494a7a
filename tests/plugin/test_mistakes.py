"""What a person gets for a mistake: one clear line and an exit code, never a traceback of ours."""

import os

import pytest

from redloop.pytest_plugin.files import _objection

ONE_TEST = "async def test_it():\n    pass\n"


@pytest.mark.parametrize(
    ("marker", "line"),
    [
        ("bloking='error'", "*no keyword 'bloking'; did you mean 'blocking'?*"),
        ("blocking='eror'", "*'eror' is none of off, warn, error; did you mean 'error'?*"),
        ("threshold='fast'", "*'fast' is no number of seconds above 0*"),
        ("threshold=0", "*0 is no number of seconds above 0*"),
        ("threshold=True", "*True is no number of seconds above 0*"),
        ("threshold=10**400", "*1000* is no number of seconds above 0*"),
        ("lateness=True", "*True is no number of seconds above 0*"),
        ("margin=False", "*False is no number of seconds above 0*"),
        ("schedules=True", "*True is no number of schedules from 1*"),
        ("schedules=2.0", "*2.0 is no number of schedules from 1*"),
        ("clock='fake'", "*'fake' is none of real, virtual*"),
        ("'error'", "*takes keywords only*"),
        ("allow='time.sleep'", "(allow=…): 'time.sleep' is no list of names, such as ?'time.sleep'?"),
        ("allow=5", "(allow=…): 5 is no list of names*"),
        ("allow=['time.slep']", "(allow=…): no report ever names 'time.slep'; did you mean 'time.sleep'?"),
        ("allow=['shop:time.slep']", "(allow=…): no report ever names 'time.slep'; did you mean 'shop:time.sleep'?"),
    ],
)
def test_a_mistake_in_the_marker(example, marker, line):
    result = example.run(test_it=f"import pytest\n@pytest.mark.redloop({marker})\n{ONE_TEST}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: test_it.py::test_it: @pytest.mark.redloop{line}"])
    result.stdout.no_fnmatch_line("*Traceback*")
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


def test_a_mistake_in_the_marker_under_xdist_is_an_error_of_that_test(example):
    result = example.run(
        "-n2", test_it=f"import pytest\n@pytest.mark.redloop(bloking='error')\n{ONE_TEST}\ndef test_other(): pass\n"
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["test_it.py::test_it: @pytest.mark.redloop has no keyword 'bloking'*"])
    assert "INTERNALERROR" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize(
    ("option", "line"),
    [
        ("--redloop-bloking=warn", "*unrecognized arguments: --redloop-bloking=warn*"),
        ("--redloop-blocking=eror", "*invalid choice: 'eror'*"),
        ("--redloop-threshold=soon", "ERROR: --redloop-threshold: 'soon' is no number of seconds above 0*"),
        ("--redloop-json=nowhere/x.json", "ERROR: --redloop-json: cannot write nowhere/x.json: there is no folder *"),
        ("--redloop-json=.", "ERROR: --redloop-json: cannot write .: Is a directory"),
        ("--redloop-html=test_it.py/x", "ERROR: --redloop-html: cannot write test_it.py/x: there is no folder *"),
        *(
            (f"--redloop-{name}={'x' * 300}", f"ERROR: --redloop-{name}: cannot write x*: File name too long")
            for name in ("html", "json", "trace")
        ),
    ],
)
def test_a_mistake_in_an_option(example, option, line):
    result = example.run(option, test_it=ONE_TEST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([line])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


@pytest.mark.skipif(pytest.version_tuple < (9, 2), reason="pytest takes numbers for such a key from 9.2 on")
@pytest.mark.parametrize(
    ("value", "outcomes"), [("0.3", {"passed": 1}), ("'0.3'", {"passed": 1}), ("0.05", {"failed": 1}), ("0", {})]
)
def test_a_threshold_in_a_pytest_toml_is_a_number_or_text(example, value, outcomes):
    example.pytester.path.joinpath("pytest.ini").unlink()
    example.pytester.makefile(
        ".toml",
        pytest=f"""
            [pytest]
            asyncio_mode = "auto"
            redloop_blocking = "error"
            redloop_calls = "off"
            redloop_threshold = {value}
        """,
    )
    result = example.run(
        test_it="""
            import asyncio, time

            async def test_it():
                await asyncio.sleep(0)
                end = time.thread_time() + 0.1
                while time.thread_time() < end:
                    pass
        """
    )
    if outcomes:
        result.assert_outcomes(**outcomes)
    else:
        result.stderr.fnmatch_lines(["ERROR: redloop_threshold in the ini file: 0 is no number of seconds above 0*"])


def test_to_find_out_whether_a_file_can_be_written_changes_nothing(tmp_path):
    tmp_path.joinpath("old").write_text("old")
    tmp_path.joinpath("link").symlink_to("target")
    os.mkfifo(tmp_path / "pipe")  # nobody reads it: to open it would be to wait
    for name in ("old", "link", "new", "pipe"):
        assert _objection(str(tmp_path / name)) is None
    assert tmp_path.joinpath("old").read_text() == "old"
    assert sorted(os.listdir(tmp_path)) == ["link", "old", "pipe"]


@pytest.mark.parametrize("name", ["baseline", "html", "json", "trace", "replay"])
def test_an_option_with_nothing_behind_it(example, name):
    """As after `--redloop-baseline=$KNOWN` of a variable that is not set: not to be taken for no option at all."""
    example.ini("asyncio_mode = auto", f"redloop_{name} = known")
    result = example.run(f"--redloop-{name}=", test_it=ONE_TEST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: --redloop-{name}: '' is no *: give one, or leave the option out"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_a_mistake_with_the_stopwatch_stands_at_the_line_that_makes_it(example):
    result = example.run(
        "--redloop-timeline=never",
        "--redloop-blocking=off",
        test_it="""
            import pytest

            def test_without_a_loop(stopwatch):
                with stopwatch():
                    pass

            @pytest.mark.parametrize("name", ["waited", "overlap", "peak", "spans", "blocked", "blocking_calls"])
            async def test_of_what_nobody_watched(stopwatch, name):
                with stopwatch() as run:
                    pass
                getattr(run, name)
        """,
    )
    result.assert_outcomes(failed=7)
    output = result.stdout.str()
    assert output.count("test_it.py:4: RuntimeError") == 1
    assert output.count("test_it.py:11: RuntimeError") == 6
    assert "measuring.py" not in output


def test_a_mistake_in_the_ini_file(example):
    example.ini("asyncio_mode = auto", "redloop_leaks = yes")
    result = example.run(test_it=ONE_TEST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["ERROR: redloop_leaks in the ini file: 'yes' is none of off, warn, error*"])


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("baseline", "nowhere.json", "there is no *nowhere.json; *"),
        ("baseline", "broken.json", "*broken.json is broken, and was not touched: *"),
        ("html", "nowhere/page.html", "cannot write nowhere/page.html: *"),
        ("json", "nowhere/report.json", "cannot write nowhere/report.json: *"),
        ("trace", "nowhere/trace.json", "cannot write nowhere/trace.json: *"),
        ("replay", "nonsense", "'nonsense' is no token of a schedule; *"),
        ("replay", "3.13-00000000-0-0", "none of the tests selected has *"),
    ],
)
def test_a_file_or_token_in_the_ini_file(example, name, value, line):
    example.pytester.path.joinpath("broken.json").write_text("{")
    example.ini("asyncio_mode = auto", f"redloop_{name} = {value}")
    result = example.run(test_it=ONE_TEST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: redloop_{name} in the ini file: {line}"])


def test_a_name_in_the_ini_file_that_no_report_shows(example):
    example.ini("asyncio_mode = auto", "redloop_allow =", "    time.sleep", "    shop.stock.reserve")
    result = example.run(test_it=ONE_TEST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: redloop_allow in the ini file: no report ever names 'shop.stock.reserve': write what blocks, *"]
    )
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


@pytest.mark.parametrize("xdist", [[], ["-n1"]])
def test_a_source_that_does_not_exist(example, xdist):
    example.ini("asyncio_mode = auto", "redloop_source =", "    test_it.py", "    shopp")
    result = example.run(*xdist, test_it=ONE_TEST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: redloop_source in the ini file: 'shopp' is neither a path below * nor a package that can be imported"]
    )
    assert "Traceback" not in result.stdout.str() + result.stderr.str()


def test_the_virtual_clock_without_pytest_asyncio_names_the_extra(example):
    example.pytester.makefile(".ini", pytest="[pytest]\n")
    result = example.run(
        "-p",
        "no:asyncio",
        test_it=f"import pytest\n@pytest.mark.redloop(clock='virtual')\n{ONE_TEST}",
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: test_it.py::test_it: the virtual clock needs pytest-asyncio: *redloop?asyncio?*"]
    )


def test_the_kata_and_another_suite_in_one_run_is_told_apart(example):
    folder = example.pytester.mkdir("kata")
    (folder / "kata.toml").write_text('name = "x"\n')
    (folder / "pytest.ini").write_text("[pytest]\nasyncio_mode = auto\nredloop_clock = virtual\n")
    (folder / "test_kata.py").write_text("async def test_it(): pass\n")
    result = example.run("kata", "test_it.py", test_it=ONE_TEST)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["ERROR: kata is a kata with rules of its own, in kata/pytest.ini, *`pytest kata` by itself"]
    )
    example.run("kata").assert_outcomes(passed=1)

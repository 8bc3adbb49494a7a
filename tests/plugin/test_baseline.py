"""The baseline: what a suite has for now is not reported, what comes on top is, and only an update writes."""

import json
import os
import textwrap

import pytest

STRICT = ["--redloop-blocking=error", "--redloop-calls=tests", "--redloop-baseline=known.json"]
UPDATE = [*STRICT, "--redloop-baseline-update"]
SHOP = """
    import os, time

    def price(times=2):
        for _ in range(times):
            os.stat(".")

    def stock():
        os.listdir(".")
"""
TEST = """
    import os, shop

    async def test_price():
        shop.price()

    async def test_more():
        shop.price(1)
        shop.stock()
"""
KNOWN = """\
{
 "version": 1,
 "calls": [
  {"path": "shop.py", "function": "price", "call": "os.stat", "count": 2, "tests": [
   "test_it.py::test_more",
   "test_it.py::test_price"
  ]},
  {"path": "shop.py", "function": "stock", "call": "os.listdir", "count": 1, "tests": [
   "test_it.py::test_more"
  ]}
 ]
}
"""


@pytest.fixture
def known(example):
    return example.pytester.path / "known.json"


@pytest.mark.parametrize("xdist", [[], ["-n2"]])
def test_an_update_writes_and_then_nothing_is_reported(example, known, xdist):
    result = example.run(*UPDATE, *xdist, test_it=TEST, shop=SHOP)
    result.assert_outcomes(passed=2)
    assert known.read_text() == KNOWN
    result.stdout.fnmatch_lines(["*= redloop: baseline =*", "known.json has 2 entries: 2 added"])
    result.stdout.no_fnmatch_line("*blocked*")
    result = example.run(*STRICT, *xdist)
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*blocked the event loop*")
    assert known.read_text() == KNOWN


@pytest.mark.parametrize("xdist", [[], ["-n2"]])
def test_more_of_the_same_is_reported_and_fails(example, known, xdist):
    known.write_text(KNOWN)
    more = SHOP.replace("times=2", "times=5").replace('(".")', '(".")\n', 1) + "        os.listdir('.')\n"
    result = example.run(*STRICT, *xdist, test_it=TEST, shop="\n\n" + textwrap.dedent(more))
    result.assert_outcomes(failed=2)
    for line in ("this was the worst; 3 more than the baseline's 2)", "in stock (1 more than the baseline's 1)"):
        assert line in result.stdout.str()
    summary = result.stdout.str().partition("= redloop: calls that blocked the event loop =")[2]
    assert "in price: os.stat (5 times" in summary
    assert "1 test; 3 more than the baseline's 2)" in summary
    assert summary.count("1 more than the baseline's 1") == 2  # two lines: nobody knows which one is new
    assert known.read_text() == KNOWN


def test_a_clean_suite_has_an_empty_one(example, known):
    example.run(*UPDATE, test_it="async def test_it(): pass").stdout.fnmatch_lines(["known.json has 0 entries: *"])
    assert json.loads(known.read_text()) == {"version": 1, "calls": []}


def test_whatever_is_not_in_it_is_reported(example, known):
    known.write_text(KNOWN.replace('"stock"', '"sock"'))
    example.run(*STRICT, test_it=TEST, shop=SHOP).assert_outcomes(passed=1, failed=1)


def test_a_count_is_that_of_one_test_in_all_its_phases(example, known):
    known.write_text(KNOWN.replace('"count": 2', '"count": 3'))
    example.run(
        *STRICT,
        shop=SHOP,
        test_it="""
            import shop, pytest_asyncio

            @pytest_asyncio.fixture
            async def before():
                shop.price(1)
                yield
                shop.price(1)

            async def test_phases(before):
                shop.price(2)

            async def test_three():
                shop.price(3)

            async def test_four():
                shop.price(4)
        """,
    ).assert_outcomes(passed=2, failed=1, errors=1)


@pytest.mark.parametrize(
    ("options", "line"),
    [
        (["-k", "price"], "known.json has 2 entries: nothing new"),
        (["test_it.py::test_more"], "known.json has 1 entry: 1 pruned"),
        (["-n2"], "known.json has 1 entry: 1 changed, 1 pruned"),
    ],
)
def test_an_update_prunes_only_what_tests_that_ended_no_longer_show(example, known, options, line):
    known.write_text(KNOWN)
    fixed = SHOP.replace('os.listdir(".")', "pass").replace("times=2", "times=1")
    result = example.run(*UPDATE, *options, test_it=TEST, shop=fixed)
    result.stdout.fnmatch_lines(["*= redloop: baseline =*", line])


def test_a_test_that_failed_proves_nothing_by_what_it_did_not_show(example, known):
    known.write_text(KNOWN)
    example.run(*UPDATE, test_it=TEST.replace("shop.stock()", "assert False"), shop=SHOP).assert_outcomes(
        passed=1, failed=1
    )
    assert known.read_text() == KNOWN


def test_stalls_have_no_count(example, known):
    entry = '{"path": "test_it.py", "function": "count", "call": "stall"}'
    known.write_text(f'{{"version": 1, "calls": [{entry}]}}')
    result = example.run(
        *STRICT,
        test_it="""
            import asyncio

            async def test_it():
                for _ in range(3):
                    count()
                    await asyncio.sleep(0)

            def count():
                sum(range(20_000_000))
        """,
    )
    result.assert_outcomes(passed=1)
    result.stdout.no_fnmatch_line("*in count*")


def test_the_ini_key_names_a_file_from_rootdir(example, known):
    known.write_text(KNOWN)
    example.ini("asyncio_mode = auto", "pythonpath = .", "redloop_baseline = known.json")
    below = example.pytester.mkdir("below")
    (below / "test_it.py").write_text(textwrap.dedent(TEST))
    example.pytester.makepyfile(shop=textwrap.dedent(SHOP))
    os.chdir(below)
    example.run(*STRICT[:2]).assert_outcomes(passed=2)


@pytest.mark.parametrize(
    ("content", "options", "line"),
    [
        (None, STRICT, "--redloop-baseline: there is no *known.json; --redloop-baseline-update makes it *"),
        (None, [*UPDATE, "--redloop-baseline=nowhere/known.json"], "--redloop-baseline-update: * cannot be written"),
        (None, ["--redloop-baseline-update"], "--redloop-baseline-update updates the file of --redloop-baseline=FILE*"),
        ("{", UPDATE, "--redloop-baseline: *known.json is broken, and was not touched: Expecting *line 1 *"),
    ],
)
def test_a_file_that_cannot_be_used_is_left_alone(example, known, content, options, line):
    if content is not None:
        known.write_text(content)
    result = example.run(*options, test_it=TEST, shop=SHOP)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: {line}"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()
    assert (known.read_text() if known.exists() else None) == content


def test_a_folder_that_vanishes_meanwhile_is_one_line(example):
    folder = example.pytester.mkdir("baselines")
    result = example.run(
        *STRICT[:2],
        "--redloop-baseline=baselines/known.json",
        "--redloop-baseline-update",
        test_it=f"async def test_it():\n    import shutil\n    shutil.rmtree({str(folder)!r})\n",
    )
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["redloop: cannot write *known.json: No such file or directory"])
    assert "Traceback" not in result.stdout.str() + result.stderr.str()

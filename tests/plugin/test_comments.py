"""`# redloop: allow[…]` behind a line of code: what it allows, its mistakes, and those that nothing needs."""

import pytest

SECTION = "*= redloop: comments that allow nothing =*"
STRICT = ["--redloop-blocking=error", "--redloop-calls=tests"]
SHOP = """
    import os, time

    def price():
        time.sleep(0.06)  # redloop: allow[time.sleep] the driver has no async

    def stock():
        return (
            os.listdir("."),
            os.stat("."),  # redloop: allow[os.stat, os.listdir, shop:time.sleep] both are in memory (#12)
        )

    def total():
        return sum(range(30_000_000))  # redloop: allow[stall] nobody waits

    def never_called():
        os.stat(".")  # redloop: allow[os.stat] fast
"""
TEST = """
    import shop, pytest

    async def test_price():
        shop.price()

    async def test_stock():
        shop.stock()

    async def test_total():
        shop.total()
"""


@pytest.mark.parametrize("xdist", [[], ["-n2"]])
def test_what_allows_and_what_nothing_needs(example, xdist):
    result = example.run(*STRICT, *xdist, test_it=TEST, shop=SHOP)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(
        [
            SECTION,
            "shop.py:9: nothing needed allow?shop:time.sleep?: if a test runs this line, take it away",
            "shop.py:16: nothing needed allow?os.stat?: if a test runs this line, take it away",
        ]
    )
    assert result.stdout.str().count("nothing needed") == 2
    result.stdout.no_fnmatch_line("*blocked the event loop*")


@pytest.mark.parametrize(
    "choice", [["-k", "price"], ["test_it.py::test_price"], ["--deselect", "test_it.py::test_stock"]]
)
def test_a_part_of_the_suite_proves_nothing(example, choice):
    result = example.run(*STRICT, *choice, test_it=TEST, shop=SHOP)
    result.stdout.no_fnmatch_line(SECTION)


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("async def test_fails(): assert False", []),
        ("pytest.importorskip('nowhere.at.all')", []),
        ("raise ImportError", []),
        ("@pytest.mark.skip\ndef test_skipped(): pass", ["(1 test was skipped or not watched, and may need *)"]),
    ],
)
def test_neither_does_one_that_did_not_run_to_its_end(example, more, said):
    result = example.run(*STRICT, test_it=TEST, shop=SHOP, test_more=f"import pytest\n{more}\n")
    if said:
        result.stdout.fnmatch_lines([SECTION, *said])
    else:
        result.stdout.no_fnmatch_line(SECTION)


def test_a_module_that_was_not_loaded_is_not_judged(example):
    result = example.run(test_it="async def test_it(): pass", shop=SHOP)
    result.stdout.no_fnmatch_line(SECTION)


def test_what_blocked_under_another_name_is_said(example):
    result = example.run(
        *STRICT,
        test_it="""
        import os, time

        async def test_it():
            time.sleep(0.1)  # redloop: allow[stall] the driver has no async
            sum(range(30_000_000))  # redloop: allow[time.sleep] a name for another thing
            os.stat("."), time.sleep(0)  # redloop: allow[os.stat, stall] both are needed
            os.stat("."), os.listdir(  # redloop: allow[os.stat] one of two
                "."
            )
        """,
    )
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            SECTION,
            "test_it.py:4: allow?stall? does not cover time.sleep here: if it may block, write allow?time.sleep?",
            "test_it.py:5: allow?time.sleep? does not cover stall here: if it may block, write allow?stall?",
            "test_it.py:7: allow?os.stat? does not cover os.listdir here: *, write allow?os.stat, os.listdir?",
        ],
        consecutive=True,
    )
    assert result.stdout.str().count("does not cover") == 3


def test_mistakes_allow_nothing_and_are_said(example):
    result = example.run(
        *STRICT,
        "-k",
        "not other",
        test_it="""
        import os

        async def test_it():
            os.stat(".")  # redloop: allow[os.stat]
            os.stat(".")  # redloop: allow[os.start] fast
            os.stat(".")  # redloop: alow[os.stat] fast
            os.stat(".")  # redloop: allow[os.stat]  # noqa: PTH
            # redloop: allow[os.stat] fast
            os.stat(".")
            os.listdir(".")  # redloop: allow[os.stat] another call
            text = "# redloop: allow[os.stat]"  # redloop: is what this is about

        async def test_other():
            pass
        """,
    )
    result.assert_outcomes(failed=1, deselected=1)
    result.stdout.fnmatch_lines(
        [
            "*= redloop: calls that blocked the event loop =*",
            SECTION,
            "test_it.py:4: allow?os.stat? gives no reason, so it allows nothing. Say why, as in *: allow?os.stat? *",
            "test_it.py:5: allows nothing: no report ever names 'os.start'; did you mean 'os.stat'?",
            "test_it.py:6: allows nothing: write # redloop: allow?time.sleep? and, behind it, why that may block",
            "test_it.py:7: allow?os.stat? gives no reason, so it allows nothing. Say why, as in *: allow?os.stat? *",
            "test_it.py:8: stands on a line of its own and allows nothing: write it behind the code that may block",
            "test_it.py:10: allow?os.stat? does not cover os.listdir here: if it may block, write allow?os.listdir?",
        ],
        consecutive=False,
    )
    assert result.stdout.str().count(" in test_it: os.") == 6


def test_the_stopwatch_and_detect_allow_it_too(example):
    example.run(
        test_it="""
        import os, redloop

        async def test_it(stopwatch):
            with stopwatch() as run, redloop.detect() as calls:
                os.stat(".")  # redloop: allow[os.stat] fast
            assert not run.blocking_calls
            assert not calls
        """,
    ).assert_outcomes(passed=1)

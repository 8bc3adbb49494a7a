"""The page's data, and that nothing in it can get out of it. tests/report/test_page.py looks at it in a browser."""

import json
import re

from report.pages import HOSTILE, SUITE

from redloop.record import Run
from redloop.report import html


def data_of(page):
    (text,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    return json.loads(text)


def test_carries_every_test_with_its_figures_and_spans():
    data = data_of(html.document(SUITE, root="/home/ada", line_of=lambda _, n: f"  line {n}\n"))
    assert [test["nodeid"] for test in data["tests"]] == [nodeid for nodeid, _, _ in SUITE]
    blocked = data["tests"][1]
    assert (blocked["outcome"], blocked["elapsed"], blocked["blocked"]) == ("failed", 3.0, 1.75)
    assert blocked["spans"][1] == {
        "name": "crunch",
        "task": "Task-2",
        "depth": 0,
        "start": 0.0,
        "end": 3.0,
        "outcome": "ok",
        "waits": [1.5, 3.0],
        "queues": [],
        "blocked": [0.0, 1.5],
        "moments": [],
        "file": "shop.py",
        "lineno": 31,
    }
    assert blocked["spans"][2]["moments"] == [1.5, 0.25], "no loop time, and so many real seconds"
    assert data["lines"]["shop.py:31"] == "line 31"


def test_hostile_names_stay_data():
    page = html.document([(HOSTILE, "passed", Run())])
    assert page.count("<script") == 2
    assert page.count("</script") == 2
    assert "onerror" not in page.partition("<script")[0]
    assert "<img" not in page
    assert data_of(page)["tests"][0]["nodeid"] == HOSTILE


def test_needs_no_network():
    page = html.document(SUITE)
    assert not re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?:https?:)?//""", page)
    assert "default-src 'none'" in page


def test_no_tests():
    assert data_of(html.document([]))["tests"] == []

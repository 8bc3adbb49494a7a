"""The three figures are exactly what the words say."""

import pytest

from redloop.timeline import figures


@pytest.mark.parametrize(
    ("some", "expected"),
    [
        ([[(0, 2)], [(2, 4)], [(4, 6)]], (6.0, 1.0, 1)),
        ([[(0, 2)], [(0, 2)], [(0, 2)]], (6.0, 3.0, 3)),
        ([[(0, 2), (2, 4)]], (4.0, 1.0, 1)),
        ([[(0, 4)], [(1, 2)], [(6, 8)]], (7.0, 7 / 6, 2)),
        ([[(0, 0.1)], [(0.1, 0.2)], [(0.2, 0.3)]], (0.3, 1.0, 1)),
        ([[(1, 1)]], (0.0, 0.0, 0)),
        ([[]], (0.0, 0.0, 0)),
        ([], (0.0, 0.0, 0)),
    ],
)
def test_figures(some, expected):
    waited, overlap, peak = expected
    assert figures(some) == (waited, round(overlap, 9), peak)

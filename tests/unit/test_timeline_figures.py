"""The three figures are exactly what the words say."""

import pytest

from redloop.timeline import overlap, peak, waited


@pytest.mark.parametrize(
    ("some", "figures"),
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
def test_figures(some, figures):
    assert (waited(some), overlap(some), peak(some)) == (figures[0], round(figures[1], 9), figures[2])

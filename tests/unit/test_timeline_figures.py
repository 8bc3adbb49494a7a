"""The three figures are exactly what the words say."""

import pytest

from redloop.record import Span
from redloop.timeline import overlap, peak, waited


def spans(*waits, queues=()):
    return [Span("f", "t", "f.py", 1, 0.0, 9.0, tuple(some), queues) for some in waits]


@pytest.mark.parametrize(
    ("some", "figures"),
    [
        (spans([(0, 2)], [(2, 4)], [(4, 6)]), (6.0, 1.0, 1)),
        (spans([(0, 2)], [(0, 2)], [(0, 2)]), (6.0, 3.0, 3)),
        (spans([(0, 2), (2, 4)]), (4.0, 1.0, 1)),
        (spans([(0, 4)], [(1, 2)], [(6, 8)]), (7.0, 7 / 6, 2)),
        (spans([(0, 0.1)], [(0.1, 0.2)], [(0.2, 0.3)]), (0.3, 1.0, 1)),
        (spans([(1, 1)]), (0.0, 0.0, 0)),
        (spans([], queues=((0, 5),)), (0.0, 0.0, 0)),
        ([], (0.0, 0.0, 0)),
    ],
)
def test_figures(some, figures):
    assert (waited(some), overlap(some), peak(some)) == (figures[0], round(figures[1], 9), figures[2])

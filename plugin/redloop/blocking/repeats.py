"""One line that makes thousands of short calls: the longest of them are told one by one, the rest as their sum."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redloop.record import BlockingCall

SINGLY = 100
"""So many calls of a line have a record each."""


def gathered(calls: Sequence[BlockingCall], threshold: float) -> Iterable[BlockingCall]:
    """`calls`, in their order, with one record for all but `SINGLY` short ones of a kind: it is where their first was.

    Short is what is below the threshold in seconds, and of a kind what one task calls by one name on one line. None of
    those that are left out was longer than one that is not.
    """
    if len(calls) <= SINGLY:
        return calls
    kinds: defaultdict[tuple[object, ...], list[int]] = defaultdict(list)
    for index, call in enumerate(calls):
        if call.kind == "call" and call.seconds < threshold:
            kinds[call.call, call.filename, call.lineno, call.function, call.task].append(index)
    told: dict[int, BlockingCall] = dict(enumerate(calls))
    for kind in kinds.values():
        by_length = sorted(kind, key=lambda index: calls[index].seconds, reverse=True)
        if rest := sorted(by_length[SINGLY:]):
            many = _sum([told.pop(index) for index in rest])
            told[rest[0]] = many
    return [told[index] for index in sorted(told)]


def _sum(calls: list[BlockingCall]) -> BlockingCall:
    return replace(
        calls[0],
        seconds=sum(call.seconds for call in calls),
        victims=tuple(dict.fromkeys(name for call in calls for name in call.victims)),
        count=len(calls),
    )

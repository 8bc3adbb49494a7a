"""A shop closes its tills, a region its shops, the chain its regions: groups in groups."""

from collections.abc import Awaitable, Callable, Iterator


class CashMissing(Exception):  # given
    def __init__(self, till: str) -> None:
        super().__init__(till)
        self.till = till


async def close_tills(close: Callable[[], Awaitable[None]], missing: list[str]) -> None:
    """Close them all, and put every till in which cash was missing on the list `missing`.

    All other errors go on to the caller as they came: in their groups, each group with its message and traceback.
    """
    try:
        await close()
    except* CashMissing as group:
        missing.extend(error.till for error in leaves(group))
    # what the clause did not take goes on by itself, in its groups


def leaves(error: BaseException) -> Iterator[BaseException]:
    """The exceptions at the ends of the branches: a group has parts, and a part may be a group."""
    if isinstance(error, BaseExceptionGroup):
        for part in error.exceptions:
            yield from leaves(part)
    else:
        yield error

"""A shop closes its tills, a region its shops, the chain its regions: groups in groups."""

from collections.abc import Awaitable, Callable


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
        # TODO: a region hands on its shops' groups in a group of its own. How deep does this loop look?
        for error in group.exceptions:
            if isinstance(error, CashMissing):
                missing.append(error.till)

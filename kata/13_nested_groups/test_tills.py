import asyncio
from collections.abc import Awaitable, Callable

from tills import CashMissing, close_tills


class CoinsMissing(CashMissing):
    """A special kind of missing cash."""


def group(message: str, *errors: Exception) -> ExceptionGroup:
    """A group that has been raised once, as a TaskGroup does, and so has a traceback."""
    try:
        raise ExceptionGroup(message, errors)
    except ExceptionGroup as raised:
        return raised


def failing(error: Exception) -> Callable[[], Awaitable[None]]:
    async def close() -> None:
        await asyncio.sleep(1)
        raise error

    return close


async def what_goes_on(error: Exception, missing: list[str]) -> Exception | None:
    try:
        await close_tills(failing(error), missing)
    except Exception as rest:
        return rest
    return None


def outline(error: Exception | None) -> object:
    """A group as (its message, what is in it), any other exception as itself."""
    return (error.message, [outline(part) for part in error.exceptions]) if isinstance(error, ExceptionGroup) else error


def a_bad_night(jam: Exception, fire: Exception) -> ExceptionGroup:
    north = group("north", group("oslo", CashMissing("oslo 1"), CashMissing("oslo 4")), group("bergen", jam))
    rome = group("rome", group("station", group("upstairs", CashMissing("station 7"))), CashMissing("rome 2"))
    return group("the chain", north, CashMissing("web"), group("south", rome, fire))


async def test_finds_every_till_however_deep():
    missing: list[str] = []
    await what_goes_on(a_bad_night(OSError("paper jam"), OSError("fire")), missing)
    assert sorted(missing) == ["oslo 1", "oslo 4", "rome 2", "station 7", "web"], (
        f"cash was missing in 5 tills, and {len(missing)} of them were found: {missing}"
    )


async def test_the_rest_keeps_its_groups():
    jam, fire = OSError("paper jam"), OSError("fire")
    rest = await what_goes_on(a_bad_night(jam, fire), [])
    assert outline(rest) == ("the chain", [("north", [("bergen", [jam])]), ("south", [fire])]), (
        f"a paper jam in bergen, north, and a fire in the south should have gone on; what went on is {rest!r}"
    )


async def test_the_rest_keeps_its_tracebacks():
    rest = await what_goes_on(a_bad_night(OSError("paper jam"), OSError("fire")), [])
    groups = [rest]
    for part in groups:
        if isinstance(part, ExceptionGroup):
            groups += part.exceptions
            assert part.__traceback__, f"nobody can see any more where the group {part.message!r} was raised"


async def test_nothing_goes_on_when_only_cash_was_missing():
    missing: list[str] = []
    rest = await what_goes_on(group("oslo", CashMissing("oslo 1"), CashMissing("oslo 2")), missing)
    assert (missing, rest) == (["oslo 1", "oslo 2"], None), f"found {missing}, and {rest!r} went on to the caller"


async def test_a_special_kind_counts_too():
    missing: list[str] = []
    await what_goes_on(group("oslo", CoinsMissing("oslo 3"), OSError("paper jam")), missing)
    assert missing == ["oslo 3"], f"CoinsMissing is a kind of CashMissing; it was missing in oslo 3, found: {missing}"

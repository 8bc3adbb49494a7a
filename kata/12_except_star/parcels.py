"""A whole batch is sent in one go, and all its problems come back in one group."""

from collections.abc import Awaitable, Callable


class ParcelError(Exception):  # given
    def __init__(self, parcel: str) -> None:
        super().__init__(parcel)
        self.parcel = parcel


class TooLate(ParcelError): ...  # given


class WrongAddress(ParcelError): ...  # given


async def hand_over(send: Callable[[], Awaitable[None]], tomorrow: list[str], ask: list[str]) -> None:
    """Send the batch. Parcels that are too late go on the list `tomorrow`, those with a wrong address on `ask`.

    Every other error goes on to the caller, on its own or in an ExceptionGroup, and nothing else does.
    """
    try:
        await send()
    # TODO: send() raises all its errors in one ExceptionGroup. Which of these lines does that match?
    except TooLate as error:
        tomorrow.append(error.parcel)
    except WrongAddress as error:
        ask.append(error.parcel)

class ParcelError(Exception):
    def __init__(self, parcel):
        super().__init__(parcel)
        self.parcel = parcel


class TooLate(ParcelError): ...


class WrongAddress(ParcelError): ...


async def hand_over(send, tomorrow, ask):
    try:
        await send()
    except* (TooLate, WrongAddress) as known:
        for error in known.exceptions:
            desk = tomorrow if isinstance(error, TooLate) else ask
            desk.append(error.parcel)

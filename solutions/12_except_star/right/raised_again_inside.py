class ParcelError(Exception):
    def __init__(self, parcel):
        super().__init__(parcel)
        self.parcel = parcel


class TooLate(ParcelError): ...


class WrongAddress(ParcelError): ...


async def hand_over(send, tomorrow, ask):
    try:
        await send()
    except* ParcelError as group:
        others = []
        for error in group.exceptions:
            if isinstance(error, TooLate):
                tomorrow.append(error.parcel)
            elif isinstance(error, WrongAddress):
                ask.append(error.parcel)
            else:
                others.append(error)
        if others:
            raise ExceptionGroup("parcels that nobody expected", others)

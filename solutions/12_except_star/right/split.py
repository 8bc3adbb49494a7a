class ParcelError(Exception):
    def __init__(self, parcel):
        super().__init__(parcel)
        self.parcel = parcel


class TooLate(ParcelError): ...


class WrongAddress(ParcelError): ...


async def hand_over(send, tomorrow, ask):
    try:
        await send()
    except ExceptionGroup as group:
        late, group = group.split(TooLate)
        tomorrow += [error.parcel for error in late.exceptions] if late else []
        wrong, group = group.split(WrongAddress) if group else (None, None)
        ask += [error.parcel for error in wrong.exceptions] if wrong else []
        if group:
            raise group

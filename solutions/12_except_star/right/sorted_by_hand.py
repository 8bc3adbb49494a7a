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
        rest = []
        for error in group.exceptions:
            match error:
                case TooLate(parcel=parcel):
                    tomorrow.append(parcel)
                case WrongAddress(parcel=parcel):
                    ask.append(parcel)
                case _:
                    rest.append(error)
        if rest:
            raise group.derive(rest) from None

# fails: test_the_rest_goes_on_and_nothing_else
# looks like: the caller got an error that belongs on a list
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
        others = 0
        for error in group.exceptions:
            if isinstance(error, TooLate):
                tomorrow.append(error.parcel)
            elif isinstance(error, WrongAddress):
                ask.append(error.parcel)
            else:
                others += 1
        if others:
            raise

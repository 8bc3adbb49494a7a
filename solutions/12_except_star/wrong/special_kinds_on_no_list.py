# fails: test_the_rest_goes_on_and_nothing_else
# looks like: a special kind of a known error was caught and put on no list
class ParcelError(Exception):
    def __init__(self, parcel):
        super().__init__(parcel)
        self.parcel = parcel


class TooLate(ParcelError): ...


class WrongAddress(ParcelError): ...


async def hand_over(send, tomorrow, ask):
    try:
        await send()
    except* TooLate as group:
        tomorrow += [error.parcel for error in group.exceptions if type(error) is TooLate]
    except* WrongAddress as group:
        ask += [error.parcel for error in group.exceptions if type(error) is WrongAddress]

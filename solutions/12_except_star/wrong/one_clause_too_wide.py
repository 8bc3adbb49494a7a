# fails: test_each_list_gets_its_parcels test_the_rest_goes_on_and_nothing_else
# looks like: one clause took errors that were not its own
class ParcelError(Exception):
    def __init__(self, parcel):
        super().__init__(parcel)
        self.parcel = parcel


class TooLate(ParcelError): ...


class WrongAddress(ParcelError): ...


async def hand_over(send, tomorrow, ask):
    try:
        await send()
    except* ParcelError as late:
        tomorrow.extend(error.parcel for error in late.exceptions)
    except* WrongAddress as wrong:
        ask.extend(error.parcel for error in wrong.exceptions)

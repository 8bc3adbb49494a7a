# fails: test_the_rest_goes_on_and_nothing_else test_a_batch_of_surprises_goes_on
# looks like: errors that belong on no list never reached the caller
class ParcelError(Exception):
    def __init__(self, parcel):
        super().__init__(parcel)
        self.parcel = parcel


class TooLate(ParcelError): ...


class WrongAddress(ParcelError): ...


async def hand_over(send, tomorrow, ask):
    try:
        await send()
    except* TooLate as late:
        tomorrow.extend(error.parcel for error in late.exceptions)
    except* WrongAddress as wrong:
        ask.extend(error.parcel for error in wrong.exceptions)
    except* Exception as rest:
        print("that was not expected:", rest)

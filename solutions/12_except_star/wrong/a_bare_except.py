# fails: test_the_rest_goes_on_and_nothing_else test_a_batch_of_surprises_goes_on test_a_cancellation_goes_on
# looks like: everything was caught, the cancellation too
class ParcelError(Exception):
    def __init__(self, parcel):
        super().__init__(parcel)
        self.parcel = parcel


class TooLate(ParcelError): ...


class WrongAddress(ParcelError): ...


async def hand_over(send, tomorrow, ask):
    try:
        await send()
    except BaseException as group:
        for error in getattr(group, "exceptions", ()):
            if isinstance(error, TooLate):
                tomorrow.append(error.parcel)
            elif isinstance(error, WrongAddress):
                ask.append(error.parcel)

# fails: test_each_list_gets_its_parcels test_the_rest_goes_on_and_nothing_else test_a_batch_of_surprises_goes_on
# looks like: one error was taken out of the group, and the others are gone
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
        error = group.exceptions[0]
        if isinstance(error, TooLate):
            tomorrow.append(error.parcel)
        elif isinstance(error, WrongAddress):
            ask.append(error.parcel)

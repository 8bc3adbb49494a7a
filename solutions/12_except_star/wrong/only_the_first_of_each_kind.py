# fails: test_each_list_gets_its_parcels
# looks like: of several errors of one kind, only one was dealt with
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
        tomorrow.append(late.exceptions[0].parcel)
    except* WrongAddress as wrong:
        ask.append(wrong.exceptions[0].parcel)

# fails: test_finds_every_till_however_deep
# looks like: some of the errors lie at another depth than where you looked
class CashMissing(Exception):
    def __init__(self, till):
        super().__init__(till)
        self.till = till


async def close_tills(close, missing):
    try:
        await close()
    except* CashMissing as group:
        for error in group.exceptions:
            inner = error.exceptions if isinstance(error, ExceptionGroup) else [error]
            missing.extend(each.till for each in inner if isinstance(each, CashMissing))

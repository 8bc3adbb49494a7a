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
        parts = list(group.exceptions)
        while any(isinstance(part, ExceptionGroup) for part in parts):
            parts = [each for part in parts if isinstance(part, ExceptionGroup) for each in part.exceptions]
        missing.extend(error.till for error in parts)

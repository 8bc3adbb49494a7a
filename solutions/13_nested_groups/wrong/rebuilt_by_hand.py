# fails: test_the_rest_keeps_its_tracebacks
# looks like: the groups that went on are new ones: same messages, and no trace of where they were raised
class CashMissing(Exception):
    def __init__(self, till):
        super().__init__(till)
        self.till = till


async def close_tills(close, missing):
    def sort(error):
        if isinstance(error, CashMissing):
            missing.append(error.till)
            return None
        if isinstance(error, ExceptionGroup):
            parts = [part for part in map(sort, error.exceptions) if part]
            return ExceptionGroup(error.message, parts) if parts else None
        return error

    try:
        await close()
    except ExceptionGroup as group:
        if rest := sort(group):
            raise rest

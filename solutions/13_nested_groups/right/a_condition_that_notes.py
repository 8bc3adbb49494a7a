class CashMissing(Exception):
    def __init__(self, till):
        super().__init__(till)
        self.till = till


async def close_tills(close, missing):
    def noted(error):
        if isinstance(error, CashMissing):
            missing.append(error.till)
            return True
        return False

    try:
        await close()
    except ExceptionGroup as group:
        _, rest = group.split(noted)
        if rest is not None:
            raise rest from None

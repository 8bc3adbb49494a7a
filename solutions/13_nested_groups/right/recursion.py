class CashMissing(Exception):
    def __init__(self, till):
        super().__init__(till)
        self.till = till


async def close_tills(close, missing):
    def note(error):
        match error:
            case CashMissing():
                missing.append(error.till)
            case BaseExceptionGroup(exceptions=parts):
                for part in parts:
                    note(part)

    try:
        await close()
    except* CashMissing as cash:
        note(cash)

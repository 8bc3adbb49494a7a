class CashMissing(Exception):
    def __init__(self, till):
        super().__init__(till)
        self.till = till


async def close_tills(close, missing):
    try:
        await close()
    except ExceptionGroup as group:
        mine, rest = group.split(CashMissing)
        stack = [mine] if mine else []
        while stack:
            error = stack.pop()
            if isinstance(error, ExceptionGroup):
                stack.extend(reversed(error.exceptions))
            else:
                missing.append(error.till)
        if rest:
            raise rest

# fails: test_the_rest_keeps_its_groups
# looks like: errors that were not about cash are gone, or have lost the groups that they came in
class CashMissing(Exception):
    def __init__(self, till):
        super().__init__(till)
        self.till = till


def leaves(error):
    if isinstance(error, BaseExceptionGroup):
        return [leaf for part in error.exceptions for leaf in leaves(part)]
    return [error]


async def close_tills(close, missing):
    try:
        await close()
    except ExceptionGroup as group:
        everything = leaves(group)
        missing.extend(error.till for error in everything if isinstance(error, CashMissing))
        rest = [error for error in everything if not isinstance(error, CashMissing)]
        if rest:
            raise ExceptionGroup("closing the tills", rest)

# fails: test_the_rest_keeps_its_tracebacks
# looks like: the groups were made anew, and only the upper ones got their tracebacks back
class CashMissing(Exception):
    def __init__(self, till):
        super().__init__(till)
        self.till = till


def without_cash(group, missing):
    rest = []
    for error in group.exceptions:
        if isinstance(error, ExceptionGroup):
            rest += without_cash(error, missing)
        elif isinstance(error, CashMissing):
            missing.append(error.till)
        else:
            rest.append(error)
    return [ExceptionGroup(group.message, rest)] if rest else []


async def close_tills(close, missing):
    try:
        await close()
    except ExceptionGroup as group:
        regions = {region.message: region for region in group.exceptions if isinstance(region, ExceptionGroup)}
        for rest in without_cash(group, missing):
            for part in rest.exceptions:
                if isinstance(part, ExceptionGroup):
                    part.__traceback__ = regions[part.message].__traceback__
            raise rest from None

# fails: test_a_special_kind_counts_too
# looks like: the kind of an error was read from its text
import re


class CashMissing(Exception):
    def __init__(self, till):
        super().__init__(till)
        self.till = till


async def close_tills(close, missing):
    try:
        await close()
    except* CashMissing as group:
        missing.extend(re.findall(r"CashMissing\('(.+?)'\)", repr(group)))

# fails: test_closes_after_an_error test_closes_after_a_cancellation
# looks like: `__aexit__` returns something true, which tells Python that nothing has happened
class opened:
    def __init__(self, dome):
        self.dome = dome

    async def __aenter__(self):
        await self.dome.open()
        return self.dome

    async def __aexit__(self, *error):
        await self.dome.close()
        return True

class opened:
    def __init__(self, dome):
        self.dome = dome

    async def __aenter__(self):
        await self.dome.open()
        return self.dome

    async def __aexit__(self, *error):
        await self.dome.close()

# fails: test_each_result_at_its_own_moment
# looks like: only some of the districts count at once, and the others wait for a place
import asyncio


async def read_out(districts, count, announce):
    places = asyncio.Semaphore(30)

    async def one(district):
        async with places:
            announce(await count(district))

    await asyncio.gather(*map(one, districts))

# fails: test_a_cancellation_goes_on
# looks like: any cancellation was taken for the end of the time
import asyncio


async def offer(ask, limit, otherwise):
    async with asyncio.timeout(limit):
        try:
            seat = await ask("seat")
            return await ask(f"price of {seat}")
        except asyncio.CancelledError:
            return otherwise

# fails: test_other_errors_go_on test_a_cancellation_goes_on
# looks like: any error and any cancellation was taken for the end of the time
import asyncio


async def offer(ask, limit, otherwise):
    try:
        async with asyncio.timeout(limit):
            seat = await ask("seat")
            return await ask(f"price of {seat}")
    except:
        return otherwise

# fails: test_too_slow_gives_the_other_answer test_in_time_gives_the_price
# looks like: the limit was divided between the questions, although one may need more than its half
import asyncio


async def offer(ask, limit, otherwise):
    try:
        async with asyncio.timeout(limit / 2):
            seat = await ask("seat")
        async with asyncio.timeout(limit / 2):
            return await ask(f"price of {seat}")
    except TimeoutError:
        return otherwise

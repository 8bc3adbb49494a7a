# fails: test_too_slow_gives_the_other_answer
# looks like: the clock was looked at between the questions, and a question that takes long was waited for
import asyncio


async def offer(ask, limit, otherwise):
    loop = asyncio.get_running_loop()
    end = loop.time() + limit
    seat = await ask("seat")
    if loop.time() >= end:
        return otherwise
    price = await ask(f"price of {seat}")
    return price if loop.time() <= end else otherwise

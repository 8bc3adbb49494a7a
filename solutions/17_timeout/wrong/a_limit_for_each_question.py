# fails: test_too_slow_gives_the_other_answer test_the_limit_is_for_both_together
# looks like: each question has a limit of its own, so both together may take longer
import asyncio


async def offer(ask, limit, otherwise):
    try:
        seat = await asyncio.wait_for(ask("seat"), limit)
        return await asyncio.wait_for(ask(f"price of {seat}"), limit)
    except TimeoutError:
        return otherwise

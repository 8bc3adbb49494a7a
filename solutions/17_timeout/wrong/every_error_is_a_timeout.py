# fails: test_other_errors_go_on
# looks like: any error was taken for the end of the time
import asyncio


async def offer(ask, limit, otherwise):
    try:
        async with asyncio.timeout(limit):
            seat = await ask("seat")
            return await ask(f"price of {seat}")
    except Exception:
        return otherwise

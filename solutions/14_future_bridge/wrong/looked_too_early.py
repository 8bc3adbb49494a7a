# fails: test_a_second_report_changes_nothing
# looks like: the second report got in the way of the first
import asyncio


async def scan(scanner):
    loop = asyncio.get_running_loop()
    page = loop.create_future()
    scanner.start(
        lambda text: page.done() or loop.call_soon_threadsafe(page.set_result, text),
        lambda error: page.done() or loop.call_soon_threadsafe(page.set_exception, error),
    )
    try:
        return await page
    except asyncio.CancelledError:
        scanner.stop()
        raise

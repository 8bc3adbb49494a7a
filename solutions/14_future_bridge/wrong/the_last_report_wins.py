# fails: test_a_second_report_changes_nothing
# looks like: the second report got in the way of the first
import asyncio


async def scan(scanner):
    loop, there, last = asyncio.get_running_loop(), asyncio.Event(), None

    def on_report(report):
        nonlocal last
        last = report
        loop.call_soon_threadsafe(there.set)

    scanner.start(on_report, on_report)
    try:
        await there.wait()
    except asyncio.CancelledError:
        scanner.stop()
        raise
    if isinstance(last, Exception):
        raise last
    return last

# fails: test_goes_on_when_the_page_is_there
# looks like: the scanner is still being asked again and again, only somewhere else or more often
import asyncio
import time


async def scan(scanner):
    reports = []
    scanner.start(reports.append, reports.append)

    def wait():
        while not reports:
            time.sleep(0.01)
        return reports[0]

    try:
        report = await asyncio.to_thread(wait)
    except asyncio.CancelledError:
        scanner.stop()
        raise
    if isinstance(report, Exception):
        raise report
    return report

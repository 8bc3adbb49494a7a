# fails: test_goes_on_when_the_page_is_there
# looks like: the scanner is still being asked again and again, only somewhere else or more often
import asyncio


async def scan(scanner):
    reports = []
    scanner.start(reports.append, reports.append)
    try:
        while not reports:
            await asyncio.sleep(0.001)
    except asyncio.CancelledError:
        scanner.stop()
        raise
    if isinstance(reports[0], Exception):
        raise reports[0]
    return reports[0]

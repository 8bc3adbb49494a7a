# fails: test_a_timeout_around_it_is_noticed test_the_feed_is_closed_once_when_cancelled test_an_error_goes_on
# looks like: the feed is closed at its end only
import asyncio


async def listen(feed, keep):
    while (message := await feed.read()) is not None:
        keep(message)
    await feed.close()

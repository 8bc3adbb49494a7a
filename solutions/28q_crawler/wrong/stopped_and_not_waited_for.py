# fails: test_an_error_ends_it_all
# looks like: after an error the others are told to stop, and nobody waits until they have
import asyncio


async def crawl(fetch, start, limit):
    found, known, news, under_way = {}, {start}, [start], {}
    try:
        while news or under_way:
            while news and len(under_way) < limit:
                page = news.pop(0)
                under_way[asyncio.create_task(fetch(page))] = page
            done, _ = await asyncio.wait(under_way, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                page = under_way.pop(task)
                found[page] = task.result()
                fresh = [link for link in dict.fromkeys(found[page]) if link not in known]
                known.update(fresh)
                news += fresh
        return found
    finally:
        for task in under_way:
            task.cancel()

async def listen(feed, keep):
    try:
        while (message := await feed.read()) is not None:
            keep(message)
    except BaseException:
        await feed.close()
        raise
    else:
        await feed.close()

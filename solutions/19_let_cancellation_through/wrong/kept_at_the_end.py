# fails: test_a_cancelled_task_is_cancelled test_an_error_goes_on
# looks like: the messages are collected and kept at the very end, which is not reached after an error or a cancellation
async def listen(feed, keep):
    messages = []
    try:
        while (message := await feed.read()) is not None:
            messages.append(message)
        for message in messages:
            keep(message)
    finally:
        await feed.close()

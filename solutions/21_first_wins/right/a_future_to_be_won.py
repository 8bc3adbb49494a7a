import asyncio


async def first_answer(companies, call):
    first = asyncio.get_running_loop().create_future()

    def finished(task):
        if not first.done():
            first.set_result(task)

    tasks = [asyncio.ensure_future(call(company)) for company in companies]
    for task in tasks:
        task.add_done_callback(finished)
    try:
        winner = await first
        return winner.result()
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            try:
                await task
            except BaseException:
                if not task.done():
                    raise

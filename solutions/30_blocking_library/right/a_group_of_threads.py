import asyncio


async def price_list(price, articles):
    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(asyncio.to_thread(price, article)) for article in articles]
    return [task.result() for task in tasks]

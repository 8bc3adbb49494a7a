import asyncio


async def backup(next_page, copy):
    copies = []
    try:
        async with asyncio.TaskGroup() as group:
            while page := await next_page():
                copies.extend([group.create_task(copy(file)) for file in page])
    except ExceptionGroup as failures:
        raise failures.exceptions[0]
    return [copied.result() for copied in copies]

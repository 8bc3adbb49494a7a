# fails: test_the_failure_reaches_the_caller
# looks like: the copies were looked after, but the failure never left backup()
import asyncio


async def backup(next_page, copy):
    copies = []
    try:
        async with asyncio.TaskGroup() as group:
            while page := await next_page():
                copies += [group.create_task(copy(file)) for file in page]
    except* Exception as failures:
        print("some files were not copied:", failures)
    return [task.result() for task in copies if not task.cancelled() and not task.exception()]

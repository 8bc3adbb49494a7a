# fails: test_a_failure_stops_the_others_too test_a_caller_out_of_time_stops_them_all
# looks like: the losers are stopped after a good answer, and an error takes another way out
import asyncio


async def first_answer(companies, call):
    tasks = [asyncio.create_task(call(company)) for company in companies]
    done, pending = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    answer = done.pop().result()
    for task in pending:
        task.cancel()
    await asyncio.gather(*pending, return_exceptions=True)
    return answer

# fails: test_the_losers_have_gone_home test_as_early_as_can_be test_a_failure_stops_the_others_too
# looks like: gather waits for all the answers, and the first in the list need not be the first to come
import asyncio


async def first_answer(companies, call):
    answers = await asyncio.gather(*(call(company) for company in companies))
    return answers[0]

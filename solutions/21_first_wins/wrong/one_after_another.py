# fails: test_the_losers_have_gone_home test_as_early_as_can_be
# looks like: the second company is only called when the first has answered
async def first_answer(companies, call):
    answers = [await call(company) for company in companies]
    return answers[0]

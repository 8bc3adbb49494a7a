# fails: test_the_losers_have_gone_home test_as_early_as_can_be test_a_failure_stops_the_others_too
# looks like: it asks the company that stands first, which is not the one that answers first
async def first_answer(companies, call):
    return await call(companies[0])

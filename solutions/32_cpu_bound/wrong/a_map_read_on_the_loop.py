# fails: test_the_rows_are_drawn_by_the_workers test_two_rows_at_the_same_time test_an_error_reaches_the_caller
# looks like: the workers draw, and reading their rows one by one blocks the event loop
async def render(pool, draw, rows):
    return list(pool.map(draw, rows))

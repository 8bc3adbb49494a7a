# fails: test_the_rows_are_drawn_by_the_workers test_two_rows_at_the_same_time test_an_error_reaches_the_caller
# looks like: the workers draw, and the event loop stands still until they are done
async def render(pool, draw, rows):
    return [future.result() for future in [pool.submit(draw, row) for row in rows]]

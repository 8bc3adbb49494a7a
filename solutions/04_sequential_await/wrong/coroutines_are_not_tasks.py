# fails: test_takes_as_long_as_the_slowest test_a_long_page_takes_no_longer
# looks like: all coroutines are made first and awaited later, but making a coroutine starts nothing
async def dashboard(fetch, panels):
    coroutines = [fetch(panel) for panel in panels]
    return [await coroutine for coroutine in coroutines]

# fails: test_the_others_are_stopped_at_once test_all_at_the_same_time_answers_in_order
# looks like: nothing is left running because nothing ran together: each server waited for the one before it
async def release(install, servers):
    return [await install(server) for server in servers]

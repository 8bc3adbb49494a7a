# fails: test_takes_as_long_as_the_slowest_station
# looks like: the stations are asked one after another
async def report(ask, stations):
    return {station: await ask(station) for station in stations}

# fails: test_each_station_has_its_own_temperature test_keeps_the_order_whoever_answers_first
# looks like: each task appends its answer when it has one, so the list is in the order of arrival
import asyncio


async def report(ask, stations):
    answers = []

    async def note(station):
        answers.append(await ask(station))

    async with asyncio.TaskGroup() as group:
        for station in stations:
            group.create_task(note(station))
    return dict(zip(stations, answers, strict=True))

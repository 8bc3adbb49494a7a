# fails: test_a_torn_film_stops_the_lab_and_is_reported
# looks like: after the error the other films are developed to their end, and the caller hears of it then
import asyncio


async def lab(films, develop, workers, room):
    table = asyncio.Queue(room)
    errors = []

    async def bring():
        async for film in films:
            await table.put(film)
        for _ in range(workers):
            await table.put(None)

    async def work():
        while (film := await table.get()) is not None:
            if not errors:
                try:
                    await develop(film)
                except Exception as error:
                    errors.append(error)

    await asyncio.gather(bring(), *(work() for _ in range(workers)))
    if errors:
        raise errors[0]

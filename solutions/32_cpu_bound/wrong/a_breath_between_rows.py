# fails: test_the_rows_are_drawn_by_the_workers test_two_rows_at_the_same_time
# looks like: the loop has one turn between two rows, and none while a row is drawn
import asyncio


async def render(pool, draw, rows):
    picture = []
    for row in rows:
        picture.append(draw(row))
        await asyncio.sleep(0)
    return picture

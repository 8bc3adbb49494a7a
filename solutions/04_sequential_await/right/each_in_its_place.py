import asyncio


async def dashboard(fetch, panels):
    page = [""] * len(panels)

    async def fill(place, panel):
        page[place] = await fetch(panel)

    async with asyncio.TaskGroup() as group:
        for place, panel in enumerate(panels):
            group.create_task(fill(place, panel))
    return page

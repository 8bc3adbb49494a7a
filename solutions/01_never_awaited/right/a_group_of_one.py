import asyncio


async def sign_up(name, send):
    async with asyncio.TaskGroup() as group:
        group.create_task(send(name))
    return f"Welcome, {name}! Your letter has been sent."

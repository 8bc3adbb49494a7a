import asyncio


async def sign_up(name, send):
    task = asyncio.create_task(send(name))
    await task
    return f"Welcome, {name}! Your letter has been sent."

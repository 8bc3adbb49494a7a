import asyncio


async def sign_up(name, send):
    try:
        await asyncio.wait_for(send(name), timeout=3600)
    except OSError as error:
        raise OSError(f"no letter for {name}: {error}") from error
    return f"Welcome, {name}! Your letter has been sent."

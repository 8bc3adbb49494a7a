async def sign_up(name, send):
    letter = send(name)
    reply = f"Welcome, {name}! Your letter has been sent."
    await letter
    return reply

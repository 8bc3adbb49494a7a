# fails: test_a_lost_letter_is_not_reported_as_sent
# looks like: the error is caught, and the reply says that all went well
async def sign_up(name, send):
    try:
        await send(name)
    except Exception as error:
        print("could not send:", error)
    return f"Welcome, {name}! Your letter has been sent."

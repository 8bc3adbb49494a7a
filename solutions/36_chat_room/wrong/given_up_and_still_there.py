# fails: test_who_is_too_slow_is_out_of_the_room test_a_broken_line_concerns_nobody_else
# looks like: who was given up stays in the room, and is waited for again at the next text
"""A chat room: what is said in it, everybody in the room gets."""

import asyncio


class Room:
    def __init__(self, patience):
        self.patience = patience
        self.members = {}

    def join(self, name, send):
        self.members[name] = send

    def leave(self, name):
        self.members.pop(name, None)

    async def say(self, text):
        there = list(self.members.items())
        sent = await asyncio.gather(
            *(asyncio.wait_for(send(text), self.patience) for _, send in there), return_exceptions=True
        )
        return [name for (name, _), error in zip(there, sent) if error]

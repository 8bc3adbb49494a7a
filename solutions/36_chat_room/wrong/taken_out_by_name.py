# fails: test_who_comes_back_stays
# looks like: who was given up is taken out by name, although a new connection may have that name by now
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
        gone = [name for (name, _), error in zip(there, sent) if error]
        for name in gone:
            self.leave(name)
        return gone

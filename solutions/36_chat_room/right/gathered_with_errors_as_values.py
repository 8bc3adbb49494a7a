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
        gone = [item for item, error in zip(there, sent, strict=True) if error is not None]
        self.members = dict(item for item in self.members.items() if item not in gone)
        return [name for name, _ in gone]

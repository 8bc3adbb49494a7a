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
        answers = await asyncio.gather(*(self.reached(name, send, text) for name, send in self.members.items()))
        return [name for name in answers if name]

    async def reached(self, name, send, text):
        try:
            await asyncio.wait_for(send(text), self.patience)
        except Exception:
            if (name, send) in self.members.items():
                self.leave(name)
            return name

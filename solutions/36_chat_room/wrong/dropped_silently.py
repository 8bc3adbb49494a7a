# fails: test_everybody_at_their_own_pace
# looks like: who is too slow is out of the room, and nobody learns of it
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
        async def give(name, send):
            try:
                await asyncio.wait_for(send(text), self.patience)
            except (TimeoutError, ConnectionError):
                if self.members.get(name) is send:
                    del self.members[name]

        await asyncio.gather(*(give(name, send) for name, send in self.members.items()))
        return []

# fails: test_a_broken_line_concerns_nobody_else
# looks like: a member whose connection broke is named, and stays in the room
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
        gone = []

        async def give(name, send):
            try:
                async with asyncio.timeout(self.patience):
                    await send(text)
            except ConnectionError:
                gone.append(name)
            except TimeoutError:
                gone.append(name)
                if self.members.get(name) is send:
                    del self.members[name]

        async with asyncio.TaskGroup() as group:
            for name, send in self.members.items():
                group.create_task(give(name, send))
        return gone

# fails: test_who_is_too_slow_is_out_of_the_room
# looks like: who has taken the text is entered in the room once more, although they may have left it meanwhile
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
            except (TimeoutError, ConnectionError):
                gone.append(name)
                if self.members.get(name) is send:
                    del self.members[name]
            else:
                self.members[name] = send

        async with asyncio.TaskGroup() as group:
            for name, send in self.members.items():
                group.create_task(give(name, send))
        return gone

# fails: test_two_speakers_do_not_wait_for_each_other test_who_comes_back_stays
# looks like: who is in the room is looked up before the wait, and not any more when it is over
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
            there = name in self.members
            try:
                async with asyncio.timeout(self.patience):
                    await send(text)
            except (TimeoutError, ConnectionError):
                gone.append(name)
                if there:
                    del self.members[name]

        async with asyncio.TaskGroup() as group:
            for name, send in self.members.items():
                group.create_task(give(name, send))
        return gone

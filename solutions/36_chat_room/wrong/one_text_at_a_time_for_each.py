# fails: test_two_speakers_do_not_wait_for_each_other
# looks like: a member gets one text after the other, and the patience for the second one begins when the first is served or given up
"""A chat room: what is said in it, everybody in the room gets."""

import asyncio
from collections import defaultdict


class Room:
    def __init__(self, patience):
        self.patience = patience
        self.members = {}
        self.busy = defaultdict(asyncio.Lock)

    def join(self, name, send):
        self.members[name] = send

    def leave(self, name):
        self.members.pop(name, None)

    async def say(self, text):
        gone = []

        async def give(name, send):
            async with self.busy[name]:
                try:
                    async with asyncio.timeout(self.patience):
                        await send(text)
                except (TimeoutError, ConnectionError):
                    gone.append(name)
                    if self.members.get(name) is send:
                        del self.members[name]

        async with asyncio.TaskGroup() as group:
            for name, send in self.members.items():
                group.create_task(give(name, send))
        return gone

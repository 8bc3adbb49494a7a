# fails: test_everybody_at_their_own_pace test_who_is_too_slow_is_out_of_the_room test_two_speakers_do_not_wait_for_each_other
# looks like: all are served at once, and the one who never reads keeps the speaker for ever
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
                await send(text)
            except ConnectionError:
                gone.append(name)
                if self.members.get(name) is send:
                    del self.members[name]

        async with asyncio.TaskGroup() as group:
            for name, send in self.members.items():
                group.create_task(give(name, send))
        return gone

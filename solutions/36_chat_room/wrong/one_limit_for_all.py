# fails: test_everybody_at_their_own_pace test_who_is_too_slow_is_out_of_the_room test_a_broken_line_concerns_nobody_else
# looks like: one time limit for all of them ends in an empty list, and does not tell who was late
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
        try:
            async with asyncio.timeout(self.patience):
                await asyncio.gather(*(send(text) for send in self.members.values()))
        except (TimeoutError, ConnectionError):
            pass
        return []

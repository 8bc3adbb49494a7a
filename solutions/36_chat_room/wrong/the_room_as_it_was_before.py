# fails: test_who_is_too_slow_is_out_of_the_room test_who_comes_back_stays
# looks like: the list from before the wait becomes the new list, and forgets who came and went meanwhile
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
        before = dict(self.members)

        async def give(name, send):
            try:
                async with asyncio.timeout(self.patience):
                    await send(text)
                return True
            except (TimeoutError, ConnectionError):
                return False

        taken = await asyncio.gather(*(give(name, send) for name, send in before.items()))
        self.members = {name: before[name] for name, good in zip(before, taken) if good}
        return [name for name, good in zip(before, taken) if not good]

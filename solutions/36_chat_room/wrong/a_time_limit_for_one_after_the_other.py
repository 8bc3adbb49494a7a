# fails: test_everybody_at_their_own_pace test_who_is_too_slow_is_out_of_the_room test_two_speakers_do_not_wait_for_each_other test_who_comes_back_stays
# looks like: nobody waits for ever, and still each member waits for those before them
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
        for name, send in list(self.members.items()):
            try:
                async with asyncio.timeout(self.patience):
                    await send(text)
            except (TimeoutError, ConnectionError):
                gone.append(name)
                if self.members.get(name) is send:
                    del self.members[name]
        return gone

# fails: test_everybody_at_their_own_pace test_who_is_too_slow_is_out_of_the_room test_a_broken_line_concerns_nobody_else test_two_speakers_do_not_wait_for_each_other test_who_comes_back_stays
# looks like: the texts are on their way, and nobody waits to see whether they arrive
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
        self.sending = [asyncio.ensure_future(send(text)) for send in self.members.values()]
        return []

# fails: test_everybody_at_their_own_pace test_who_is_too_slow_is_out_of_the_room test_a_broken_line_concerns_nobody_else test_two_speakers_do_not_wait_for_each_other test_who_comes_back_stays
# looks like: the list of members is changed while a loop walks through it
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
        sending = {name: asyncio.create_task(send(text)) for name, send in self.members.items()}
        if sending:
            await asyncio.wait(sending.values(), timeout=self.patience)
        gone = []
        for name in self.members:
            task = sending.get(name)
            if task and (not task.done() or task.exception()):
                task.cancel()
                gone.append(name)
                del self.members[name]
        return gone

# fails: test_everybody_at_their_own_pace test_who_is_too_slow_is_out_of_the_room test_two_speakers_do_not_wait_for_each_other test_who_comes_back_stays
# looks like: the room stops waiting for the one who is late, and goes on sending to them
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
        tasks = {asyncio.create_task(send(text)): (name, send) for name, send in self.members.items()}
        if not tasks:
            return []
        done, late = await asyncio.wait(tasks, timeout=self.patience)
        gone = [tasks[task] for task in late] + [tasks[task] for task in done if task.exception()]
        for name, send in gone:
            if self.members.get(name) is send:
                del self.members[name]
        return [name for name, _ in gone]

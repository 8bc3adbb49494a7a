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
        for task in late:
            task.cancel()
        gone = [tasks[task] for task in late] + [tasks[task] for task in done if task.exception()]
        for name, send in gone:
            if self.members.get(name) == send:
                self.leave(name)
        return [name for name, _ in gone]

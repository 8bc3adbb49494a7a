"""A chat room: what is said in it, everybody in the room gets, in the order in which it was said."""

import asyncio


class Connection:
    def __init__(self, send):
        self.send = send
        self.turn = asyncio.Lock()
        self.dead = False


class Room:
    def __init__(self, patience):
        self.patience = patience
        self.members = {}

    def join(self, name, send):
        self.members[name] = Connection(send)

    def leave(self, name):
        self.members.pop(name, None)

    async def say(self, text):
        gone = []
        async with asyncio.TaskGroup() as group:
            for name, connection in self.members.items():
                group.create_task(self.write(name, connection, text, gone))
        return gone

    async def write(self, name, connection, text, gone):
        async with connection.turn:
            if connection.dead:
                return
            try:
                async with asyncio.timeout(self.patience):
                    await connection.send(text)
            except (TimeoutError, OSError):
                connection.dead = True
                gone.append(name)
                if self.members.get(name) is connection:
                    self.members.pop(name)

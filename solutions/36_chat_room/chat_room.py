"""A chat room: what is said in it, everybody in the room gets."""

import asyncio
from collections.abc import Awaitable, Callable

Send = Callable[[str], Awaitable[None]]


class Room:
    def __init__(self, patience: float) -> None:  # given
        self.patience = patience
        self.members: dict[str, Send] = {}

    def join(self, name: str, send: Send) -> None:  # given
        """`await send(text)` is over when the member has taken the text; a broken connection is a ConnectionError."""
        self.members[name] = send

    def leave(self, name: str) -> None:  # given
        self.members.pop(name, None)

    async def say(self, text: str) -> list[str]:
        """Send `text` to everybody who is in the room now. Return the names of those who had to be given up.

        Who has not taken the text after `patience` seconds, or whose connection is broken, is given up: nothing more
        is sent to them, and they are out of the room, unless they have come back on another connection meanwhile.
        """
        gone = []

        async def give(name: str, send: Send) -> None:
            try:
                async with asyncio.timeout(self.patience):
                    await send(text)
            except (TimeoutError, ConnectionError):  # caught in here, so that it concerns nobody else
                gone.append(name)
                if self.members.get(name) is send:  # while we waited they may have left, or come back
                    del self.members[name]

        async with asyncio.TaskGroup() as group:
            for name, send in self.members.items():
                group.create_task(give(name, send))
        return gone

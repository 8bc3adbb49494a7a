"""A chat room: what is said in it, everybody in the room gets."""

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
        # TODO: each member waits until those before them have taken the text, and one of them may never do so.
        for name, send in list(self.members.items()):
            try:
                await send(text)
            except ConnectionError:
                gone.append(name)
        for name in gone:
            del self.members[name]
        return gone

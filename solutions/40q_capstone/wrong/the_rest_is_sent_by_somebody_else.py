# fails: test_every_mail_is_sent_before_the_end test_an_error_in_the_block_is_not_the_end_of_the_mails
# looks like: the postman is stopped with a mail in his hand, and of the rest nobody looks at which ones came back
"""The tracking service of a parcel company: where a parcel is, where it has been, and who is told."""

import asyncio
from collections import defaultdict
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing
from typing import Protocol, Self

PAUSE = 0.5  # seconds
TRIES = 5


class Carrier(Protocol):  # given
    """A company that carries parcels for us."""

    name: str

    async def place(self, parcel: str) -> str:
        """Where the parcel is. OSError when the carrier cannot be reached."""
        ...

    def journey(self, parcel: str) -> AsyncGenerator[str, None]:
        """Each place, when the parcel arrives there. Until it is closed, it takes up one of our few lines to them."""
        ...


class Archive(Protocol):  # given
    """Where the parcels have been. It takes its time, for reading and for writing."""

    async def read(self, parcel: str) -> list[str]: ...

    async def write(self, parcel: str, places: list[str]) -> None: ...


class PrinterBusy(Exception):  # given
    """The printer is printing something else."""


class Tracking:
    """The service. It works as long as the block of its `async with` does, and much is asked of it at the same time."""

    def __init__(  # given
        self,
        carriers: list[Carrier],
        archive: Archive,
        print_label: Callable[[str], Awaitable[str]],
        book_courier: Callable[[str], Awaitable[None]],
        send_mail: Callable[[str, str], Awaitable[None]],
    ) -> None:
        """`print_label` raises PrinterBusy, and the other two raise OSError, when it does not work."""
        self.carriers = carriers
        self.archive = archive
        self.print_label = print_label
        self.book_courier = book_courier
        self.send_mail = send_mail
        self.locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self.mails: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        self.unsent: list[str] = []

    async def __aenter__(self) -> Self:
        self.postman = asyncio.create_task(self.deliver_mails())
        return self

    async def __aexit__(self, *error):
        self.postman.cancel()
        await asyncio.wait([self.postman])
        rest = []
        while not self.mails.empty():
            rest.append(self.mails.get_nowait())
        await asyncio.gather(*(self.send_mail(*mail) for mail in rest), return_exceptions=True)

    async def where(self, parcel: str) -> dict[str, str]:
        """What each carrier says of the parcel, by the carrier's name; "no answer" when it cannot be reached."""
        places = await asyncio.gather(*(self.ask(carrier, parcel) for carrier in self.carriers))
        return {carrier.name: place for carrier, place in zip(self.carriers, places, strict=True)}

    async def ask(self, carrier: Carrier, parcel: str) -> str:
        try:
            return await carrier.place(parcel)
        except OSError:
            return "no answer"

    async def scan(self, parcel: str, place: str) -> int:
        """Note that the parcel has come to `place`. Return how many places it has been to."""
        async with self.locks[parcel]:  # nobody else in between, and nobody waits for another parcel
            places = await self.archive.read(parcel)
            places = [*places, place]
            await self.archive.write(parcel, places)
        return len(places)

    async def arrival(self, carrier: Carrier, parcel: str, place: str) -> int:
        """Wait until the parcel arrives at `place`. Return how many places it came to before."""
        before = 0
        async with aclosing(carrier.journey(parcel)) as journey:  # `return` leaves the loop, not the generator
            async for stop in journey:
                if stop == place:
                    return before
                before += 1
        raise LookupError(f"{parcel} never came to {place}")

    async def label(self, parcel: str) -> str:
        """A label for the parcel. A busy printer is tried again after a pause, TRIES times in all."""
        for _ in range(TRIES - 1):
            try:
                return await self.print_label(parcel)
            except PrinterBusy:
                await asyncio.sleep(PAUSE)
        return await self.print_label(parcel)

    async def collect(self, parcels: list[str]) -> list[str]:
        """Book a courier for each parcel, one at a time. Return the parcels for which it did not work."""
        failed = []
        for parcel in parcels:
            try:
                await self.book_courier(parcel)
            except OSError:  # a cancellation is no failed booking, and goes on to whoever waits for it
                failed.append(parcel)
        return failed

    def tell(self, customer: str, text: str) -> None:
        """Send a mail to the customer, without making the caller wait for it."""
        self.mails.put_nowait((customer, text))

    async def deliver_mails(self) -> None:
        while True:
            customer, text = await self.mails.get()
            try:
                await self.send_mail(customer, text)
            except OSError:
                self.unsent.append(customer)
            self.mails.task_done()

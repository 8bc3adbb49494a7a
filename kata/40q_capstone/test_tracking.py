import asyncio

from hypothesis import example, given, strategies as st
from tracking import PrinterBusy, Tracking


class Carrier:
    """Answers after so many seconds, or cannot be reached; a parcel moves once in a second, and lines close in one."""

    def __init__(self, name: str, seconds: float, *, reachable: bool = True) -> None:
        self.name, self.seconds, self.reachable = name, seconds, reachable
        self.lines = 0

    async def place(self, parcel: str) -> str:
        await asyncio.sleep(self.seconds)
        if not self.reachable:
            raise OSError(f"{self.name} does not answer")
        return f"{parcel} with {self.name}"

    async def journey(self, parcel: str):
        self.lines += 1
        try:
            for place in ("bern", "basel", "cologne", "kiel", "oslo"):
                await asyncio.sleep(1)
                yield place
        finally:
            await asyncio.sleep(1)
            self.lines -= 1


class Company:
    """What else there is. Printing takes a quarter of a second, all else a second; what is "broken" does not work."""

    def __init__(self) -> None:
        self.places: dict[str, list[str]] = {}
        self.broken_archive = False
        self.printer_is_busy = 0
        self.booked: list[str] = []
        self.booking = 0
        self.sent: list[str] = []

    def tracking(self, *carriers: Carrier) -> Tracking:
        return Tracking(list(carriers), self, self.print_label, self.book_courier, self.send_mail)

    async def read(self, parcel: str) -> list[str]:
        await asyncio.sleep(1)
        if self.broken_archive:
            raise OSError("the archive is on fire")
        return list(self.places.get(parcel, []))

    async def write(self, parcel: str, places: list[str]) -> None:
        await asyncio.sleep(1)
        self.places[parcel] = places

    async def print_label(self, parcel: str) -> str:
        await asyncio.sleep(0.25)
        self.printer_is_busy -= 1
        if self.printer_is_busy >= 0:
            raise PrinterBusy
        return f"to: {parcel}"

    async def book_courier(self, parcel: str) -> None:
        self.booked.append(parcel)
        self.booking += 1
        try:
            await asyncio.sleep(1)
            if self.booking > 1:
                raise RuntimeError("one at a time, please")
            if "broken" in parcel:
                raise OSError("no courier")
        finally:
            self.booking -= 1

    async def send_mail(self, customer: str, text: str) -> None:
        await asyncio.sleep(1)
        if "broken" in customer:
            raise OSError("the mail came back")
        self.sent.append(f"{customer}: {text}")


@given(st.lists(st.integers(1, 9), min_size=2, max_size=4))
async def test_all_carriers_are_asked_at_the_same_time(stopwatch, seconds):
    carriers = [Carrier(f"carrier {number}", wait) for number, wait in enumerate(seconds)]
    async with Company().tracking(*carriers) as tracking:
        with stopwatch() as run:
            places = await tracking.where("p1")
    assert places == {carrier.name: f"p1 with {carrier.name}" for carrier in carriers}
    slowest = max(seconds)
    assert run.elapsed == slowest, f"the carriers answer after {seconds} s, and where() answered after {run.elapsed} s"


@given(st.dictionaries(st.sampled_from(["bern", "kiel", "oslo", "basel"]), st.integers(0, 5), min_size=2))
@example({"bern": 0, "kiel": 1, "oslo": 3})
async def test_no_scan_is_lost(scans):
    company = Company()

    async def scan(place: str) -> int:
        await asyncio.sleep(scans[place])
        return await tracking.scan("p1", place)

    async with company.tracking() as tracking:
        counts = await asyncio.gather(*map(scan, scans))
    told = ", ".join(f"in {place} after {seconds} s" for place, seconds in scans.items())
    noted = company.places["p1"]
    assert sorted(noted) == sorted(scans), f"p1 was scanned {told}, and the places noted are {noted}"
    assert sorted(counts) == list(range(1, len(scans) + 1)), f"p1 was scanned {told}, and scan() counted {counts}"


@given(st.sampled_from(["bern", "basel", "cologne", "kiel"]))
async def test_the_line_to_the_carrier_is_closed(stopwatch, place):
    carrier, stops = Carrier("snail", 1), 1 + ["bern", "basel", "cologne", "kiel"].index(place)
    async with Company().tracking(carrier) as tracking:
        with stopwatch() as run:
            before = await tracking.arrival(carrier, "p1", place)
        lines = carrier.lines
        await asyncio.sleep(60)
    assert before == stops - 1, f"before it came to {place}, p1 was in {stops - 1} places, and arrival() says {before}"
    assert lines == 0, f"p1 came to {place}, arrival() is over, and its line to the carrier is still open"
    due = stops + 1
    assert run.elapsed == due, f"{stops} s to {place} and 1 s to close the line are {due} s; it took {run.elapsed} s"


async def test_a_busy_printer_holds_up_nobody_else(stopwatch):
    company = Company()
    company.printer_is_busy = 3
    async with company.tracking(Carrier("snail", 0.5)) as tracking:
        with stopwatch() as run:
            printing = asyncio.create_task(tracking.label("p1"))
            await tracking.where("p2")
            answered = run.elapsed
            [label] = await asyncio.gather(printing, return_exceptions=True)
            seconds = run.elapsed
        company.printer_is_busy = 99
        [never] = await asyncio.gather(tracking.label("p3"), return_exceptions=True)
    assert answered == 0.5, f"one waited for the printer, and another {answered} s for an answer that takes 0.5 s"
    assert label == "to: p1", f"the printer was busy 3 times, then it was free, and label() came to {label!r}"
    assert seconds == 2.5, f"4 tries of 0.25 s and 3 pauses of 0.5 s are 2.5 s, and it took {seconds} s"
    tries = 99 - company.printer_is_busy
    assert isinstance(never, PrinterBusy), f"always busy: after {tries} tries label() came to {never!r}"
    assert tries == 5, f"always busy: label() tried the printer {tries} times"


@given(st.integers(0, 2))
async def test_collecting_can_be_stopped(whole_seconds):
    company, moment = Company(), whole_seconds + 0.5
    async with company.tracking() as tracking:
        collecting = asyncio.create_task(tracking.collect(["p1", "p2", "p3", "p4"]))
        await asyncio.sleep(moment)
        collecting.cancel()
        await asyncio.wait([collecting])
    begun = ["p1", "p2", "p3", "p4"][: whole_seconds + 1]
    assert company.booked == begun, f"collect() was cancelled after {moment} s, and it went on to book {company.booked}"
    assert collecting.cancelled(), f"collect() was cancelled after {moment} s, and looks as if it had done all its work"


@given(st.integers(0, 4), st.sampled_from([0, 0.5]))
async def test_every_mail_is_sent_before_the_end(count, pause):
    company, mails = Company(), [f"customer {number}: here it is" for number in range(count)]
    clock = asyncio.get_running_loop().time
    async with company.tracking() as tracking:
        tracking.tell("ada", "it left")
        await asyncio.sleep(2)
        early = company.sent.copy()
        for mail in mails:
            tracking.tell(*mail.split(": "))
        await asyncio.sleep(pause)
        end = clock()
    seconds = clock() - end
    assert early == ["ada: it left"], f"ada was to be told, and 2 s later the mails sent were {early}"
    sent = sorted(company.sent[1:])
    assert sent == mails, f"when the service was to close, {mails} were on their way, and of these were sent: {sent}"
    assert seconds <= count + 1, f"{count} mails of 1 s were on their way, and closing the service took {seconds} s"


async def test_an_error_in_the_block_is_not_the_end_of_the_mails():
    company, error = Company(), LookupError("there are no stamps left")
    tracking = company.tracking()

    async def serve() -> None:
        async with tracking:
            tracking.tell("broken", "it left")
            tracking.tell("ada", "it left")
            raise error

    [outcome] = await asyncio.gather(serve(), return_exceptions=True)
    told = f"sent: {company.sent}, unsent: {tracking.unsent}"
    due = (company.sent, tracking.unsent) == (["ada: it left"], ["broken"])
    assert due, f"there were two mails, one of which comes back, when an error ended the block; {told}"
    assert outcome is error, f"an error ended the block of the `async with`, and whoever entered it got {outcome!r}"


async def test_parcels_do_not_wait_for_each_other(stopwatch):
    async with Company().tracking() as tracking:
        with stopwatch() as run:
            await asyncio.gather(*(tracking.scan(parcel, "bern") for parcel in ("p1", "p2", "p3")))
    assert run.elapsed == 2, f"a scan takes 2 s; three parcels were scanned at the same time, in {run.elapsed} s"


async def test_one_failure_is_only_one_failure():
    company = Company()
    async with company.tracking(Carrier("swift", 1), Carrier("lost", 2, reachable=False)) as tracking:
        [places] = await asyncio.gather(tracking.where("p1"), return_exceptions=True)
        assert places == {"swift": "p1 with swift", "lost": "no answer"}, f"one carrier was out of reach: {places!r}"
        [failed] = await asyncio.gather(tracking.collect(["p1", "broken p2", "p3"]), return_exceptions=True)
        assert failed == ["broken p2"], f"one of three bookings did not work: {failed!r}"
        [arrived] = await asyncio.gather(tracking.arrival(Carrier("swift", 1), "p1", "mars"), return_exceptions=True)
        assert isinstance(arrived, LookupError), f"p1 never came to mars, and arrival() came to {arrived!r}"
        company.broken_archive = True
        await asyncio.gather(tracking.scan("p1", "bern"), return_exceptions=True)
        company.broken_archive = False
        scan = asyncio.wait_for(tracking.scan("p1", "kiel"), 60)
        [count] = await asyncio.gather(scan, return_exceptions=True)
        assert count == 1, f"the archive failed once, it is well again, and the next scan of p1 came to {count!r}"
        tracking.tell("broken", "here it is")
        tracking.tell("cleo", "here it is")
        await asyncio.sleep(5)
    told = f"sent: {company.sent}, unsent: {tracking.unsent}"
    assert (company.sent, tracking.unsent) == (["cleo: here it is"], ["broken"]), f"one mail of two came back; {told}"

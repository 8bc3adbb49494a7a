import asyncio
from collections import Counter

import pytest
from hypothesis import example, given, strategies as st
from sensor_stream import watch


class Greenhouse:
    """Sensors that measure every so many seconds, so many times, and a display that needs `seconds` for a reading."""

    def __init__(self, sensors: dict[str, tuple[float, int]], seconds: float = 0, broken: str = "") -> None:
        self.sensors, self.seconds, self.broken = sensors, seconds, broken
        self.clock = asyncio.get_running_loop().time
        self.start = self.clock()
        self.came: dict[str, list[float]] = {name: [] for name in sensors}
        self.shown: dict[str, list[int]] = {name: [] for name in sensors}
        self.shown_at: dict[str, list[float]] = {name: [] for name in sensors}
        self.lost: Counter[str] = Counter()
        self.kept_waiting: Counter[str] = Counter()
        self.stale: list[str] = []
        self.on: list[str] = []
        self.showing = self.most_shown_at_once = 0

    def now(self) -> float:
        return round(self.clock() - self.start, 6)

    async def readings(self, name: str):
        seconds, count = self.sensors[name]
        self.on.append(name)
        try:
            for number in range(count):
                await asyncio.sleep(seconds)
                self.came[name].append(came := self.now())
                yield number
                self.kept_waiting[name] += self.now() - came
                if name == self.broken and self.now() > 4:
                    raise OSError(f"the {name} broke")
        finally:
            try:
                await asyncio.sleep(0.5)
            finally:
                self.on.remove(name)

    async def show(self, name: str, reading: int) -> None:
        self.shown_at[name].append(self.now())
        newest = len(self.came[name]) - 1
        if reading != newest and self.came[name][newest] < self.now():  # the one that comes just now may be too late
            self.stale.append(f"reading {reading} of the {name} at {self.now()} s, when {newest} was there")
        self.showing += 1
        self.most_shown_at_once = max(self.most_shown_at_once, self.showing)
        try:
            await asyncio.sleep(self.seconds)
            if self.broken == "display" and self.now() > 4:
                raise OSError("the display broke")
            self.shown[name].append(reading)
        finally:
            self.showing -= 1

    def watch(self) -> asyncio.Task[None]:
        sensors = {name: self.readings(name) for name in self.sensors}
        return asyncio.ensure_future(watch(sensors, self.show, self.lost))


every = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 3)), max_size=3)


@given(every)
@example([(2, 3), (1, 4)])
async def test_every_reading_is_shown_when_it_comes(every):
    house = Greenhouse({f"sensor {number}": sensor for number, sensor in enumerate(every)})
    await house.watch()
    for name, (seconds, count) in house.sensors.items():
        due = [seconds * (number + 1) for number in range(count)]
        assert house.shown_at[name] == due, f"{name} measures at {due} s, and was shown at {house.shown_at[name]} s"
        assert house.shown[name] == list(range(count)), f"{name} measured {count} times; shown: {house.shown[name]}"
    assert not +house.lost, f"the display shows everything at once, and these were counted as lost: {house.lost}"


@pytest.mark.parametrize("order", ["wind, soil, rain", "rain, wind, soil", "soil, rain, wind"])
async def test_a_sensor_in_a_hurry_starves_nobody(order):
    sensors = {"wind": (0.3, 100), "soil": (4.7, 5), "rain": (7.1, 4)}
    house = Greenhouse({name: sensors[name] for name in order.split(", ")}, seconds=1)
    await house.watch()
    for name in ("soil", "rain"):
        seconds, count = sensors[name]
        shown, at = house.shown[name], house.shown_at[name]
        assert shown == list(range(count)), f"the {name} is measured every {seconds} s, {count} times; shown: {shown}"
        late = max(round(at[number] - seconds * (number + 1), 3) for number in shown)
        assert late <= 3, f"{order}: 1 s each on the display, and a reading of the {name} was {late} s late"


@given(st.sampled_from([1.03, 2.21, 3.7]))
async def test_the_newest_is_shown_and_the_rest_is_counted(seconds):
    house = Greenhouse({"wind": (0.3, 100), "rain": (0.97, 30), "soil": (9.1, 2)}, seconds)
    await house.watch()
    assert house.most_shown_at_once == 1, f"{house.most_shown_at_once} readings were on the display at the same time"
    waited = +house.kept_waiting
    assert not waited, f"a sensor waits for nobody, and nobody took the readings of these for so many seconds: {waited}"
    assert not house.stale, f"older readings were shown, {len(house.stale)} times; the first: {house.stale[0]}"
    for name, (_, count) in house.sensors.items():
        shown, lost = len(house.shown[name]), house.lost[name]
        assert shown + lost == count, f"the {name} was measured {count} times: {shown} shown, {lost} counted as lost"
        assert count - 1 in house.shown[name], f"nothing newer came after reading {count - 1} of the {name}: not shown"
    best = int(30 / seconds / 2) - 2
    for name in ("wind", "rain"):
        shown = len(house.shown[name])
        assert shown >= best, f"{seconds} s each, 30 s: wind and rain can have {best} turns each, {name} had {shown}"


@pytest.mark.parametrize("moment", [0.5, 5.5])  # while all wait for a reading; while one is being shown
async def test_stops_cleanly(moment):
    house = Greenhouse({"soil": (4, 9), "wind": (1, 60)}, seconds=3)
    watching = house.watch()
    await asyncio.sleep(moment)
    watching.cancel()
    await asyncio.wait([watching])
    assert not house.on, f"watch() was stopped after {moment} s and is over, and these sensors are still on: {house.on}"
    assert not house.showing, f"watch() was stopped after {moment} s, and is over, and the display is still being used"
    assert watching.cancelled(), "watch() was cancelled, and its task does not know"


@pytest.mark.parametrize("broken", ["wind", "display"])
async def test_an_error_ends_it_all(broken):
    house = Greenhouse({"soil": (2, 60), "wind": (1, 60)}, seconds=0.4, broken=broken)
    watching = house.watch()
    await asyncio.wait([watching])
    on, over = house.on.copy(), house.now()
    await asyncio.sleep(60)
    assert over < 10, f"the {broken} broke after 5 s, and watch() was over after {over} s"
    assert not on, f"the {broken} broke, watch() was over, and these sensors were still on: {on}"
    error = watching.exception()
    while isinstance(error, ExceptionGroup):
        error = error.exceptions[0]
    assert str(error) == f"the {broken} broke", f"the {broken} broke, and watch() raised {error!r}"

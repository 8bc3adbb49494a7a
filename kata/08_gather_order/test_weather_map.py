import asyncio

from hypothesis import given, strategies as st
from weather_map import report


class Stations:
    """Each station has its temperature, and takes its own number of seconds to tell."""

    def __init__(self, temperatures: dict[str, int], seconds: dict[str, int]) -> None:
        self.temperatures = temperatures
        self.seconds = seconds
        self.asked: list[str] = []

    async def ask(self, station: str) -> int:
        self.asked.append(station)
        await asyncio.sleep(self.seconds[station])
        return self.temperatures[station]


async def test_each_station_has_its_own_temperature():
    temperatures = {f"station {number}": 11 - number for number in range(12)}
    stations = Stations(temperatures, {f"station {number}": 12 - number for number in range(12)})
    told = await report(stations.ask, list(temperatures))
    mixed_up = [station for station in temperatures if told.get(station) != temperatures[station]]
    assert not mixed_up, f"the last of 12 stations answers first, and {len(mixed_up)} have a temperature not their own"


TEMPERATURES = {"rome": 24, "oslo": 0, "lima": 19, "cork": 11}


@given(st.permutations([*TEMPERATURES]), st.permutations([1, 2, 3, 4]))
async def test_keeps_the_order_whoever_answers_first(order, seconds):
    stations = Stations(TEMPERATURES, dict(zip(TEMPERATURES, seconds, strict=True)))
    told = await report(stations.ask, order)
    measured = {station: TEMPERATURES[station] for station in order}
    assert list(told.items()) == list(measured.items()), f"asked for {measured}, and the map says {told}"


@given(st.permutations(range(1, 51)))
async def test_takes_as_long_as_the_slowest_station(stopwatch, seconds):
    names = [f"station {number}" for number in range(50)]
    stations = Stations(dict.fromkeys(names, 20), dict(zip(names, seconds, strict=True)))
    with stopwatch() as run:
        await report(stations.ask, names)
    assert run.elapsed == 50.0, f"the slowest of 50 stations takes 50.0 s, and the map took {run.elapsed} s"
    assert sorted(stations.asked) == sorted(names), f"each station is asked once, and asked were {stations.asked}"

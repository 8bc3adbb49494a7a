import asyncio
import threading

from forecast import main
from hypothesis import given, strategies as st


class Service:
    """Knows the weather, of the last city first; remembers the event loops and threads in which it was asked."""

    def __init__(self, weather: dict[str, str]) -> None:
        self.weather = weather
        self.loops: list[asyncio.AbstractEventLoop] = []
        self.threads: set[str] = set()

    async def fetch(self, city: str) -> str:
        self.loops.append(asyncio.get_running_loop())
        self.threads.add(threading.current_thread().name)
        *early, last = self.weather
        await asyncio.sleep(0.001 if city == last else 0.001 * (2 + early.index(city)))
        return self.weather[city]

    def forecast(self, cities: list[str]) -> object:
        """What main returns, or the error that it ended with."""
        try:
            return main(self.fetch, cities)
        except RuntimeError as error:
            return error


@given(st.dictionaries(st.sampled_from(["oslo", "rome", "lima", "cork"]), st.sampled_from(["sun", "rain"]), min_size=1))
def test_prints_a_line_for_each_city(weather):
    printed = Service(weather).forecast(list(weather))
    assert printed == "\n".join(f"{city}: {sky}" for city, sky in weather.items()), f"main gave {printed!r}"


def test_one_loop_does_all_the_work():
    service = Service({"oslo": "rain", "rome": "sun", "lima": "sun"})
    printed = service.forecast(["oslo", "rome", "lima"])
    loops = len(set(service.loops))
    assert loops == 1, f"the work for three cities was done in {loops} event loops; main gave {printed!r}"


def test_the_work_is_done_on_the_callers_thread():
    service = Service({"oslo": "rain", "rome": "sun"})
    service.forecast(["oslo", "rome"])
    here = threading.current_thread().name
    assert service.threads == {here}, f"called in {here}, main did its work in {service.threads or 'no thread'}"


def test_the_loop_is_closed_at_the_end():
    service = Service({"oslo": "rain"})
    printed = service.forecast(["oslo"])
    states = ["closed" if loop.is_closed() else "open" for loop in service.loops]
    assert states == ["closed"], f"one closed event loop should be left, and there are {states}; main gave {printed!r}"

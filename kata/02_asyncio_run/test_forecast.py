import asyncio
import threading

from forecast import main
from hypothesis import given, strategies as st


class Service:
    """Knows the weather, and remembers the event loops and threads in which it was asked."""

    def __init__(self, weather: dict[str, str]) -> None:
        self.weather = weather
        self.loops: list[asyncio.AbstractEventLoop] = []
        self.threads: set[str] = set()

    async def fetch(self, city: str) -> str:
        self.loops.append(asyncio.get_running_loop())
        self.threads.add(threading.current_thread().name)
        await asyncio.sleep(0.01)
        return self.weather[city]


@given(st.dictionaries(st.sampled_from(["oslo", "rome", "lima", "cork"]), st.sampled_from(["sun", "rain"]), min_size=1))
def test_prints_a_line_for_each_city(weather):
    assert main(Service(weather).fetch, list(weather)) == "\n".join(f"{city}: {sky}" for city, sky in weather.items())


def test_one_loop_does_all_the_work():
    service = Service({"oslo": "rain", "rome": "sun", "lima": "sun"})
    main(service.fetch, ["oslo", "rome", "lima"])
    loops = len(set(service.loops))
    assert loops == 1, f"one command for three cities made {loops} event loops"


def test_the_work_is_done_on_the_callers_thread():
    service = Service({"oslo": "rain", "rome": "sun"})
    main(service.fetch, ["oslo", "rome"])
    here = threading.current_thread().name
    assert service.threads == {here}, f"main was called in thread {here}, and the work ran in {service.threads}"


def test_the_loop_is_closed_at_the_end():
    service = Service({"oslo": "rain"})
    main(service.fetch, ["oslo"])
    still_open = [loop for loop in service.loops if not loop.is_closed()]
    assert not still_open, f"main has returned, and its event loop is still open: {still_open}"

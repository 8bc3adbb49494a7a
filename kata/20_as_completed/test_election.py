import asyncio

import pytest
from election import read_out


class Night:
    """Each district counts for its own number of seconds; remembers who was asked, and when what was announced."""

    def __init__(self, seconds: dict[str, float]) -> None:
        self.seconds = seconds
        self.start = asyncio.get_running_loop().time()
        self.asked: list[str] = []
        self.heard: list[tuple[float, str]] = []

    async def count(self, district: str) -> str:
        self.asked.append(district)
        await asyncio.sleep(self.seconds[district])
        return f"result of {district}"

    def announce(self, result: str) -> None:
        is_text = isinstance(result, str)
        assert is_text, f"a result is a text, and what was announced is a {type(result).__name__}"
        seconds = round(asyncio.get_running_loop().time() - self.start, 9)
        self.heard.append((seconds, result))

    async def listen(self) -> list[tuple[float, str]]:
        await read_out(list(self.seconds), self.count, self.announce)
        return sorted(self.heard)


async def test_the_first_result_does_not_wait_for_the_last():
    heard = await Night({"north": 3, "village": 1, "city": 9}).listen()
    when = {result: seconds for seconds, result in heard}.get("result of village")
    assert when == 1, f"the village had counted after 1 s, and its result was on the air after {when} s"
    assert heard == [(1, "result of village"), (3, "result of north"), (9, "result of city")]


@pytest.mark.parametrize("numbers", [[700], [2900, 33, 1234], [*range(3999, 7, -37)]])
async def test_each_result_at_its_own_moment(numbers):
    seconds = {f"district {n}": n / 512 for n in numbers}  # whoever looks at regular intervals comes too late
    heard = await Night(seconds).listen()
    for district, counted in seconds.items():
        when = [at for at, result in heard if result == f"result of {district}"]
        assert when == [counted], f"{district} had counted after {counted} s, and was read out after {when} s"


async def test_results_that_arrive_together_are_both_heard():
    heard = await Night({"east": 2, "west": 2, "south": 2, "city": 5}).listen()
    due = [(2, "result of east"), (2, "result of south"), (2, "result of west"), (5, "result of city")]
    assert heard == due, f"three had counted after 2 s, the city after 5 s, and what was read out when is {heard}"


async def test_all_districts_count_at_the_same_time(stopwatch):
    night = Night({"north": 3, "village": 1, "city": 9})
    with stopwatch() as run:
        await night.listen()
    assert sorted(night.asked) == ["city", "north", "village"], f"asked to count: {night.asked}"
    assert run.elapsed == 9, f"the city counts for 9 s, and the night was over after {run.elapsed} s"

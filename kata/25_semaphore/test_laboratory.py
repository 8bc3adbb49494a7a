import asyncio

import pytest
from laboratory import Laboratory


class Broken(Exception):
    pass


class Bench:
    """A sample takes the seconds that it is named after; counts how many are examined at the same time."""

    def __init__(self) -> None:
        self.busy = self.peak = self.examined = 0

    async def examine(self, sample: str) -> str:
        self.busy += 1
        self.peak = max(self.peak, self.busy)
        try:
            await asyncio.sleep(float(sample))
            if sample == "1.5":
                raise Broken(sample)
        finally:
            self.busy -= 1
        self.examined += 1
        return f"found in {sample}"


@pytest.mark.parametrize(("microscopes", "long"), [(1, 3), (2, 7), (5, 4)])
async def test_uses_all_the_microscopes_and_no_more(stopwatch, microscopes, long):
    bench, unit = Bench(), 10 / 7  # no round seconds, at which somebody may look up
    samples = [str(long * unit), *[str(unit)] * long * (microscopes - 1)]
    laboratory = Laboratory(bench.examine, microscopes)
    with stopwatch() as run:
        results = await asyncio.gather(*map(laboratory.result, samples))
    assert bench.peak == microscopes, f"{microscopes} microscopes, and {bench.peak} samples were examined at once"
    best = long * unit
    due = f"one sample takes {best:.3f} s and the others share the rest"
    assert run.elapsed == pytest.approx(best, abs=1e-6), f"{due}; it took {run.elapsed} s"
    assert results == [f"found in {sample}" for sample in samples]


async def test_a_failure_gives_back_one_place():
    bench = Bench()
    laboratory = Laboratory(bench.examine, 2)
    broken = await asyncio.gather(*map(laboratory.result, ["1.5"] * 4), return_exceptions=True)
    assert [type(error) for error in broken] == [Broken] * 4
    await asyncio.gather(*map(laboratory.result, ["2"] * 6))
    assert bench.peak == 2, f"after four broken samples {bench.peak} samples were examined at once, on 2 microscopes"


@pytest.mark.parametrize("moment", [0.5, 2.5])
async def test_a_cancellation_gives_back_what_it_held(moment):
    bench = Bench()
    laboratory = Laboratory(bench.examine, 2)
    tasks = [asyncio.create_task(laboratory.result("2")) for _ in range(6)]
    await asyncio.sleep(moment)
    for task in tasks[1:4]:  # one of them is being examined, or has been; the others wait for their turn, or did
        task.cancel()
    await asyncio.wait(tasks)
    assert tasks[2].cancelled() and tasks[3].cancelled(), "two samples were cancelled, and their tasks do not know"
    async with asyncio.timeout(60):
        await asyncio.gather(*map(laboratory.result, ["1"] * 6))
    assert bench.peak == 2, f"after the cancellations {bench.peak} samples were examined at once, on 2 microscopes"


async def test_two_laboratories_do_not_wait_for_each_other(stopwatch):
    with stopwatch() as run:
        await asyncio.gather(*(Laboratory(Bench().examine, 1).result("3") for _ in range(4)))
    assert run.elapsed == 3, f"four laboratories with a sample of 3 s each took {run.elapsed} s"

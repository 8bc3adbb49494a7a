"""JUnit: the properties of a test that has run on an event loop, and nothing on others."""

from xml.etree import ElementTree as ET

import pytest

TESTS = """
    import asyncio, time, pytest_asyncio

    @pytest_asyncio.fixture
    async def resource():
        yield
        time.sleep(0.06)

    async def test_measured(record_property):
        record_property("mine", "1")
        async def fetch():
            await asyncio.sleep(0.5)

        await asyncio.gather(fetch(), fetch())

    async def test_blocks(resource):
        time.sleep(0.06)

    async def test_leaks():
        asyncio.get_running_loop().kept = asyncio.create_task(asyncio.sleep(60))

    async def test_fails(resource):
        time.sleep(0.06)
        assert False

    def test_runs_a_loop():
        async def main():
            await asyncio.sleep(0.5)

        asyncio.run(main())

    def test_sync():
        pass

    def test_sync_with_an_async_fixture(resource):
        pass
"""
ALL = ["redloop.elapsed", "redloop.blocked", "redloop.overlap", "redloop.leaks"]


@pytest.fixture
def properties(example):
    """Run the tests, and return what the file says of each: a list, since a name may be there twice."""

    def properties(*args):
        example.run("--redloop-calls=tests", "--redloop-clock=virtual", "--junitxml=j.xml", *args, test_it=TESTS)
        cases = ET.parse(example.pytester.path / "j.xml").iter("testcase")  # noqa: S314 - our own pytest wrote it
        return {
            case.get("name"): [(one.get("name"), one.get("value")) for one in case.iter("property")] for case in cases
        }

    return properties


@pytest.mark.parametrize("xdist", [[], ["-n2"]])
def test_what_was_measured_once(properties, xdist):
    found = properties(*xdist)
    names = {test: [name for name, _ in values] for test, values in found.items()}
    assert names == {
        "test_measured": ["mine", *ALL],
        "test_blocks": ALL,
        "test_leaks": ALL,
        "test_fails": ALL,
        "test_runs_a_loop": ALL,
        "test_sync": [],
        "test_sync_with_an_async_fixture": ["redloop.blocked"],
    }
    assert found["test_measured"] == [
        ("mine", "1"),
        ("redloop.elapsed", "0.5"),
        ("redloop.blocked", "0.0"),
        ("redloop.overlap", "2.0"),
        ("redloop.leaks", "0"),
    ]
    assert float(dict(found["test_blocks"])["redloop.blocked"]) >= 0.12
    assert dict(found["test_leaks"])["redloop.leaks"] == "1"


def test_what_was_not_measured_is_not_there(properties):
    found = properties("--redloop-blocking=off", "--redloop-leaks=off", "--redloop-timeline=never")
    assert dict(found["test_blocks"]).keys() == {"redloop.elapsed"}
    assert found["test_runs_a_loop"] == found["test_sync"] == []

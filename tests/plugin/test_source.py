"""What counts as the suite's own code, whose short calls are reported by default."""

import pytest

READS = "def read():\n    with open(__file__) as file:\n        return file\n"
TEST = """
    import shop, helper

    async def test_it():
        shop.read(), helper.read()
"""


@pytest.fixture
def blamed(example):
    """Run the test, and return the files of the blocking calls that were found."""

    def blamed(*args):
        tests = example.measure(*args, test_it=TEST, helper=READS)
        calls = tests["test_it"]["blocking_calls"]
        return {call["filename"].removeprefix(f"{example.pytester.path}/") for call in calls}

    return blamed


def put(example, file):
    path = example.pytester.path / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(READS)


def test_by_default_all_below_rootdir(example, blamed):
    put(example, "shop/__init__.py")
    assert blamed() == {"shop/__init__.py", "helper.py"}


@pytest.mark.parametrize("word", ["shop", "src", "src/shop", "./src/shop/__init__.py"])
def test_a_path_or_a_package(example, blamed, word):
    put(example, "src/shop/__init__.py")
    example.ini("asyncio_mode = auto", "pythonpath = src .", f"redloop_source = {word}")
    assert blamed() == {"src/shop/__init__.py"}
    assert blamed("--redloop-calls=tests") == {"src/shop/__init__.py"}


def test_the_tests_are_the_suites_own_though_its_source_is_elsewhere(example):
    put(example, "src/shop/__init__.py")
    example.ini("asyncio_mode = auto", "pythonpath = src .", "redloop_source = shop")
    tests = example.measure(
        "--redloop-calls=tests", test_it="async def test_it():\n    open(__file__).close()", helper=READS
    )
    [call] = tests["test_it"]["blocking_calls"]
    assert call["call"] == "open"


@pytest.mark.parametrize("name", ["My.Shop", "another"])
def test_the_installed_distribution_of_the_project(example, blamed, name):
    put(example, "env/site-packages/shop/__init__.py")
    info = example.pytester.path / "env/site-packages/my_shop-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: my-shop\nVersion: 1.0\n")
    (info / "RECORD").write_text("shop/__init__.py,,\n")
    (example.pytester.path / "pyproject.toml").write_text(f"[project]\nname = '{name}'\nversion = '1'\n")
    example.ini("asyncio_mode = auto", "pythonpath = env/site-packages .")
    own = {"env/site-packages/shop/__init__.py"} if name == "My.Shop" else set()
    assert blamed() == {"helper.py", *own}

"""These tests look at what the plugin itself installs for a test, so they run without it."""

import gc

import pytest

WITHOUT = {"test_blocking": {"blocking": "off"}, "test_stored": {"blocking": "off"}, "test_diagnosis": {"leaks": "off"}}


def pytest_collection_modifyitems(items):
    for item in items:
        for start, settings in WITHOUT.items():
            if item.path.name.startswith(start):
                item.add_marker(pytest.mark.redloop(**settings))


@pytest.fixture(autouse=True, scope="module")
def little_garbage(request):
    """A collection of all that a test session holds takes 0.1 s, and is a stall, truly reported, in whichever test.

    Only where stalls are counted: Hypothesis asks who refers to an object, and is not told of what is frozen.
    """
    counts_stalls = request.path.name.startswith("test_blocking")
    if counts_stalls:
        gc.collect()
        gc.freeze()
    yield
    if counts_stalls:
        gc.unfreeze()

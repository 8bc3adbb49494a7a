"""These tests look at what the plugin itself installs for a test, so they run without it."""

import gc

import pytest

from redloop.blocking.engine import ENGINE

WITHOUT = {"test_blocking": {"blocking": "off"}, "test_stored": {"blocking": "off"}, "test_diagnosis": {"leaks": "off"}}


def pytest_collection_modifyitems(items):
    for item in items:
        for start, settings in WITHOUT.items():
            if item.path.name.startswith(start):
                item.add_marker(pytest.mark.redloop(**settings))


@pytest.fixture
def nobody_else():
    """The plugin watches our own tests, too; some look at what is patched when nobody watches."""
    watching = ENGINE._detectors
    for detector in watching:
        detector.uninstall()
    yield
    for detector in watching:
        detector.install()


@pytest.fixture(autouse=True, scope="module")
def little_garbage(request):
    """A collection of all that a test session holds takes 0.1 s, and is part of the step that it falls into.

    Only where stalls are counted: Hypothesis asks who refers to an object, and is not told of what is frozen.
    """
    counts_stalls = request.path.name.startswith("test_blocking")
    if counts_stalls:
        gc.collect()
        gc.freeze()
    yield
    if counts_stalls:
        gc.unfreeze()

"""These tests look at what the plugin itself installs for a test, so they run without it."""

import pytest

WITHOUT = {"test_blocking": {"blocking": "off"}, "test_stored": {"blocking": "off"}, "test_diagnosis": {"leaks": "off"}}


def pytest_collection_modifyitems(items):
    for item in items:
        for start, settings in WITHOUT.items():
            if item.path.name.startswith(start):
                item.add_marker(pytest.mark.redloop(**settings))

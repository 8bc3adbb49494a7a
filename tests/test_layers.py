"""Who may import whom (the arrows of the design), read from the source. An import inside a function is an import."""

import ast
import sys
from pathlib import Path

import pytest

SOURCE = Path(__file__).parent.parent / "plugin" / "redloop"

# part → the parts of redloop and the third-party packages that it may import
MAY_IMPORT = {
    "record": set(),
    "modules": set(),
    "real_time": set(),
    "versions": set(),
    "patching": {"modules", "versions"},
    "stored": {"modules"},
    "threads": {"real_time"},
    "tasks": set(),
    "frames": set(),
    "whose": set(),
    "blocking": {"frames", "record", "modules", "patching", "real_time", "stored", "threads", "tasks", "whose"},
    "diagnosis": {"frames", "record", "threads", "tasks", "whose"},
    "clock": {
        *("frames", "record", "modules", "patching", "real_time", "stored", "threads", "tasks", "whose"),
        "diagnosis",
    },
    "scheduling": {"record", "real_time", "tasks", "whose", "clock", "diagnosis", "hypothesis"},
    "timeline": {"frames", "record", "tasks", "whose"},
    "report": {"record"},
    "pytest_plugin": {
        *("record", "modules", "whose", "blocking", "clock", "diagnosis", "timeline", "scheduling", "report"),
        *("pytest", "pytest_timeout", "hypothesis"),
    },
    "dojo": {"record", "report", "rich", "watchfiles"},
    "cli": {"dojo", "click"},
    "": {"record", "blocking", "clock", "diagnosis", "scheduling", "pytest_plugin"},  # redloop/__init__.py, lazily
}
# The same within blocking: calls by name and stalls are told apart from each other, and meet in the detector.
BLOCKING_MAY_IMPORT = {
    "lines": {"scope", "loops", "garbage", "unseen"},
    "calls": {"lines", "unseen", "victims"},
    "stalls": {"lines", "loops", "mutex", "victims", "faults", "garbage"},
}
# The modules of the dojo that run in child processes only (tests/dojo proves that nothing else imports them).
IN_A_CHILD = {
    SOURCE / "dojo" / "judge.py": {"pytest"},
    SOURCE / "dojo" / "witness.py": {"pytest"},
    SOURCE / "dojo" / "prepared.py": {"hypothesis"},
}


def part_of(path: Path) -> str:
    first = path.relative_to(SOURCE).parts[0].removesuffix(".py")
    return "" if first == "__init__" else first


def imports_of(tree: ast.AST) -> set[str]:
    names = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "redloop imports absolutely"
            names |= {f"redloop.{alias.name}" for alias in node.names} if node.module == "redloop" else {node.module}
    return names


def reached_by(source: str, part: str) -> set[str]:
    reached = set()
    for name in imports_of(ast.parse(source)):
        package, _, rest = name.partition(".")
        if package == "redloop":
            reached.add(rest.partition(".")[0])
        elif package not in sys.stdlib_module_names:
            reached.add(package)
    return reached - {part}


def reached_within_blocking(source: str, part: str) -> set[str]:
    names = (name.split(".") for name in imports_of(ast.parse(source)))
    return {name[2] for name in names if name[:2] == ["redloop", "blocking"] and len(name) > 2} - {part}


@pytest.mark.parametrize("path", sorted(SOURCE.rglob("*.py")), ids=lambda path: str(path.relative_to(SOURCE)))
def test_imports_only_what_its_arrow_allows(path):
    part = part_of(path)
    if "_data" not in path.parts:
        assert reached_by(path.read_text(), part) <= MAY_IMPORT[part] | IN_A_CHILD.get(path, set())


@pytest.mark.parametrize("part", sorted(BLOCKING_MAY_IMPORT))
def test_the_parts_of_blocking_have_arrows_too(part):
    reached = [reached_within_blocking(path.read_text(), part) for path in (SOURCE / "blocking" / part).glob("*.py")]
    assert set().union(*reached) == BLOCKING_MAY_IMPORT[part]


def test_sees_an_arrow_that_must_not_be():
    """The rig can fail: an import hidden in a function, and the command in the core."""
    assert reached_by("def f():\n    import pytest\n    from redloop import cli", "record") == {"pytest", "cli"}

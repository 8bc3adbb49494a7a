"""Where the suite's own code is: paths, packages by name, and the distribution that a project makes."""

from __future__ import annotations

import os
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def roots_of(source: Iterable[str], base: str) -> list[str]:
    """The folders and files that `source` names: paths, from the folder `base`, and packages that can be imported.

    What is both is a path. Nothing is imported. Raises ValueError for what is neither.
    """
    roots = []
    for word in source:
        path = os.path.normpath(os.path.join(base, word))
        found = [path] if word and os.path.exists(path) else _places_of(word)
        if not found:
            raise ValueError(f"{word!r} is neither a path below {base} nor a package that can be imported")
        roots += found
    return roots


def _places_of(package: str) -> list[str]:
    top, *inner = package.split(".")
    try:
        spec = find_spec(top)
    except ValueError:  # "", or a module that says nothing of where it came from
        return []
    if spec is None:
        return []
    if not inner and not spec.submodule_search_locations:
        return [spec.origin] if spec.has_location and spec.origin else []
    paths = [os.path.join(folder, *inner) for folder in spec.submodule_search_locations or ()]
    return [path for stem in paths for path in (stem, f"{stem}.py") if os.path.exists(path)]


def installed_project(folder: str) -> list[str]:
    """Where the distribution is installed whose name is the `project.name` of the folder's pyproject.toml.

    Empty where there is none, or it is installed in place: then its code is below the folder.
    """
    import tomllib
    from importlib.metadata import PackageNotFoundError, distribution

    try:
        with open(os.path.join(folder, "pyproject.toml"), "rb") as file:
            name = tomllib.load(file)["project"]["name"]
        installed = distribution(name)
    except (OSError, ValueError, KeyError, TypeError, PackageNotFoundError):
        return []
    files = [path.as_posix() for path in installed.files or () if path.suffix == ".py" and ".." not in path.parts]
    packages = {path.removesuffix("/__init__.py") for path in files if path.endswith("/__init__.py")}
    tops = {_topmost(path, packages) for path in files}
    return sorted(os.path.abspath(str(installed.locate_file(top))) for top in tops)


def _topmost(path: str, packages: set[str]) -> str:
    """The outermost package that the file is in, or the file itself: a folder without one belongs to many."""
    parts = path.split("/")
    ancestors = ("/".join(parts[:length]) for length in range(1, len(parts)))
    return next((folder for folder in ancestors if folder in packages), path)

"""Directories that are never a project's own source."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

# Names that mean the same everywhere. A folder called external, lib or data may well be somebody's own work.
_NAMES = frozenset(
    {
        ".git",
        ".hg",
        ".svn",
        "node_modules",
        "bower_components",
        "site-packages",
        "dist-packages",
        "__pycache__",
        ".venv",
        "venv",
        "virtualenv",
        ".virtualenv",
        ".tox",
        ".nox",
        ".eggs",
        ".mypy_cache",
        ".ruff_cache",
        ".pytest_cache",
        ".hypothesis",
        ".ipynb_checkpoints",
        ".conda",
        ".pixi",
        ".direnv",
        "__pypackages__",
        "_vendor",
        "vendor",
        "vendored",
        "third_party",
        "third-party",
        "thirdparty",
        "packrat",
    }
)
_BUILT = frozenset({"build", "dist", "_build", "htmlcov"})
_ENVIRONMENT_MARKS = ("pyvenv.cfg", "conda-meta")


def is_excluded(path: str) -> bool:
    """Whether the path lies in a directory whose name says that it holds other people's files."""
    parts = path.split("/")
    if any(part in _NAMES or part.endswith(".egg-info") for part in parts[:-1]):
        return True
    return any(a == "renv" and b in ("library", "staging") for a, b in pairwise(parts))


def is_built(path: str) -> bool:
    """Whether the path lies in a directory that build tools write: nobody's source unless it is tracked."""
    return any(part in _BUILT for part in path.split("/")[:-1])


def environment_directories(paths: Iterable[str]) -> tuple[str, ...]:
    """The directories among the paths that hold a Python or conda environment, whatever they are called."""
    found = set()
    for path in paths:
        parent, _, name = path.rpartition("/")
        if name == _ENVIRONMENT_MARKS[0] and parent:
            found.add(parent + "/")
        elif f"/{_ENVIRONMENT_MARKS[1]}/" in path:
            found.add(path.partition(f"/{_ENVIRONMENT_MARKS[1]}/")[0] + "/")
    return tuple(sorted(found))

"""Directories that are never a project's own source."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise

from repro_lint.lazy import lazy_pattern

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
        "extern",
        "external_libs",
    }
)
# The rest of these folders is the project's own: renv's settings, packrat's lock file.
_PAIRS = frozenset(
    {
        ("renv", "library"),
        ("renv", "staging"),
        ("renv", "sandbox"),
        ("packrat", "lib"),
        ("packrat", "lib-R"),
        ("packrat", "lib-ext"),
        ("packrat", "src"),
    }
)
_BUILT = frozenset({"build", "dist", "_build", "htmlcov"})


def is_excluded(path: str) -> bool:
    """Whether the path lies in a directory whose name says that it holds other people's files."""
    return _judge(path.rpartition("/")[0])[0]


def is_built(path: str) -> bool:
    """Whether the path lies in a directory that build tools write: nobody's source unless it is tracked."""
    return _judge(path.rpartition("/")[0])[1]


@lru_cache(maxsize=8192)
def _judge(directory: str) -> tuple[bool, bool]:
    """Whether the directory is excluded, and whether it is built. Cached: files share their directories."""
    parts = directory.split("/")
    excluded = (
        not _NAMES.isdisjoint(parts)
        or any(part.endswith(".egg-info") for part in parts)
        or not _PAIRS.isdisjoint(pairwise(parts))
    )
    return excluded, not _BUILT.isdisjoint(parts)


# What venv, virtualenv and conda write into every environment.
_MARK = lazy_pattern(
    r"(?P<root>(?:.*/)?)(?:"
    r"pyvenv\.cfg"
    r"|conda-meta/.*"
    r"|bin/activate(?:\.csh|\.fish|_this\.py)"
    r"|Scripts/(?:activate(?:\.bat|_this\.py)?|Activate\.ps1)"
    r"|(?:lib/python[23][.\d]*|Lib)/site-packages/.*"
    r")",
    re.DOTALL,
)
# A folder that is called an environment and laid out like one.
_NAMED = lazy_pattern(
    r"(?P<root>(?:.*/)?(?:[^/]*env/(?=lib/python[23])|\.?env/(?=Scripts/))).*", re.DOTALL | re.IGNORECASE
)
_HINTS = ("pyvenv.cfg", "conda-meta/", "/activate", "/Activate", "/site-packages/", "env/", "ENV/", "Env/")
_BROUGHT = ("conda-meta/", "lib/python2.", "lib/python3.")


def environment_directories(paths: Sequence[str]) -> tuple[str, ...]:
    """How the paths of all files begin that belong to a Python or conda environment, whatever it is called.

    Where the root itself is one (``python -m venv .``), only what the environment brought, not the project.
    """
    text = "\n".join(paths)
    hints = [hint for hint in _HINTS if hint in text]
    found: set[str] = set()
    for path in paths if hints else ():
        if not any(hint in path for hint in hints):
            continue
        match = _MARK.fullmatch(path) or _NAMED.fullmatch(path)
        if match is None:
            continue
        if match["root"]:
            found.add(match["root"])
        else:
            found.update(_BROUGHT)
            if path.startswith(("bin/", "Scripts/")):
                found.add(path.partition("/")[0] + "/")
    return tuple(sorted(found))

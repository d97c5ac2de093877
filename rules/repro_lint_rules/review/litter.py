"""Files that programs leave behind, and that are nobody's work."""

from __future__ import annotations

import posixpath
import re

from repro_lint.api import lazy_pattern

# What it is called, the pattern to ignore, and what left it there.
_DIRECTORIES = {
    ".ipynb_checkpoints": "Jupyter",
    "__pycache__": "Python",
    ".pytest_cache": "pytest",
    ".mypy_cache": "mypy",
    ".ruff_cache": "ruff",
    ".idea": "PyCharm",
    ".spyproject": "Spyder",
    ".ropeproject": "rope",
    ".Rproj.user": "RStudio",
    ".AppleDouble": "macOS",
    "__MACOSX": "macOS",
}
_NAMES = {
    ".DS_Store": "macOS",
    "Thumbs.db": "Windows",
    "desktop.ini": "Windows",
    ".Rhistory": "R",
    ".RData": "R",
    ".python_history": "Python",
    "nohup.out": "nohup",
}
_SUFFIXES = {".pyc": "Python", ".pyo": "Python", ".swp": "Vim", ".swo": "Vim"}
_KEPT = lazy_pattern(r"(?:^|/)(?:tests?|fixtures?|testdata|test[_-]data|snapshots?|examples?|templates?)/", re.I)


def litter(path: str) -> tuple[str, str] | None:
    """The pattern that would ignore the file, and the program that left it behind; None for a file of worth."""
    parts = path.split("/")
    for part in parts[:-1]:
        if part in _DIRECTORIES:
            return f"{part}/", _DIRECTORIES[part]
    name = parts[-1]
    if name in _NAMES:
        return name, _NAMES[name]
    suffix = posixpath.splitext(name)[1]
    return (f"*{suffix}", _SUFFIXES[suffix]) if suffix in _SUFFIXES else None


def is_kept(path: str) -> bool:
    """Whether it lies among test data and the like, where it may be kept on purpose."""
    return bool(_KEPT.search(path))

"""A tree of files, wherever it is stored."""

from __future__ import annotations

import stat
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import Literal

from repro_lint.files.excludes import environment_directories, is_built, is_excluded

Kind = Literal["git", "directory", "index", "commit"]


class FileView(ABC):
    """The files of a tree: their paths, sorted, posix and relative to the root, and what they hold.

    Names that are not UTF-8 come with surrogate escapes (PEP 383), as Python's own functions give them.
    """

    kind: Kind

    def __init__(self, root: Path, warning: str | None = None) -> None:
        self.root = root
        self.warning = warning
        """Why the tree could not be seen as well as it might have been, or None."""

    @abstractmethod
    def paths(self) -> tuple[str, ...]:
        """Every file, other people's in environments and vendored trees included."""

    @property
    def submodules(self) -> tuple[str, ...]:
        """The paths of git submodules; their files belong to another repository."""
        return ()

    def tracked(self, path: str) -> bool:
        """Whether the file is under version control; always true where there is none."""
        return True

    @abstractmethod
    def read(self, path: str) -> bytes:
        """The content. Raises ``OSError``."""

    @abstractmethod
    def size(self, path: str) -> int:
        """The size in bytes. Raises ``OSError``."""

    def ignored(self, path: str) -> bool:
        """Whether a file of this path, which need not exist, would be ignored by git."""
        return False

    def excluded(self, path: str) -> bool:
        """Whether the file lies in a directory that is not the project's own source."""
        return (
            is_excluded(path)
            or path.startswith(self._environments)
            or (is_built(path) and not (self.kind != "directory" and self.tracked(path)))
        )

    @cached_property
    def _environments(self) -> tuple[str, ...]:
        return environment_directories(self.paths())


class DiskView(FileView):
    """Reading from the working tree."""

    def read(self, path: str) -> bytes:
        """The content. Raises ``OSError``."""
        return (self.root / path).read_bytes()

    def size(self, path: str) -> int:
        """The size in bytes. Raises ``OSError``."""
        found = (self.root / path).stat()
        if not stat.S_ISREG(found.st_mode):
            raise OSError(f"{path} is not a regular file")
        return found.st_size


def display_path(path: str) -> str:
    r"""The path with bytes that are not UTF-8 written as ``\xNN``, so that it can be printed and stored."""
    if path.isascii():
        return path
    return path.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")

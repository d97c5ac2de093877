"""A tree of files, wherever it is stored."""

from __future__ import annotations

import os
import re
from abc import ABC, abstractmethod
from functools import cached_property
from pathlib import Path
from typing import ClassVar, Literal

from repro_lint.files.excludes import environment_directories, is_built, is_excluded
from repro_lint.lazy import lazy_pattern

Kind = Literal["git", "directory", "index", "commit"]


class FileView(ABC):
    """The files of a tree: their paths, sorted, posix and relative to the root, and what they hold.

    Names that are not UTF-8 come with surrogate escapes (PEP 383), as Python's own functions give them.
    """

    kind: Kind
    can_be_shared: ClassVar[bool] = False
    """Whether several processes can read from it side by side, which they cannot through one process of git."""

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
        """Whether a file of this path, which need not exist, would be ignored by git.

        A path that ends in a slash is a directory. Any text may be asked for: false where it names nothing
        below the root.
        """
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

    def close(self) -> None:  # noqa: B027 - most views hold none
        """End the processes that the view holds, if any; they start again when they are needed."""


def normal_path(path: str) -> str | None:
    """The path without ``.``, ``..`` and doubled slashes, or None if it can name nothing below the root."""
    if not path or "\0" in path or os.path.isabs(path):  # noqa: PTH117 - a string: thousands are asked for
        return None
    try:
        os.fsencode(path)
    except UnicodeEncodeError:
        return None
    found = os.path.normpath(path).replace(os.sep, "/")
    return None if found == ".." or found.startswith("../") else found


_UNPRINTABLE = lazy_pattern("[\0-\x1f\x7f-\x9f\ud800-\udfff]")


def display_path(path: str) -> str:
    r"""The path with bytes that are not UTF-8 written as ``\xNN``, so that it can be printed and stored.

    So are control characters: a file's name must not be able to move the cursor or to end a line.
    """
    return path if path.isprintable() else _UNPRINTABLE.sub(_escape, path)


def is_template(path: str) -> bool:
    """Whether the file belongs to the template of a project (cookiecutter, copier), which is not the project itself."""
    return "{{" in path


def _escape(match: re.Match[str]) -> str:
    code = ord(match[0])
    if 0xDC80 <= code <= 0xDCFF:  # how PEP 383 stores the byte
        code -= 0xDC00
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"

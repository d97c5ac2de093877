"""A directory outside git, walked with its .gitignore files honoured."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path

from repro_lint.files.disk import DiskView, links_inside
from repro_lint.files.excludes import is_built, is_excluded
from repro_lint.files.ignores import IgnoreRules
from repro_lint.files.view import display_path, normal_path


class DirectoryView(DiskView):
    """Every file below the root. Symbolic links to directories are not followed, links out of the root not listed."""

    kind = "directory"

    def __init__(self, root: Path, warning: str | None = None) -> None:
        super().__init__(root, warning)
        self._ignores = IgnoreRules(self._ignore_file)

    def paths(self) -> tuple[str, ...]:
        """All files but those ignored, or in directories that are never a project's own."""
        return self._paths

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        inside = os.path.join(os.path.realpath(self.root), "")  # noqa: PTH118
        files: list[str] = []
        closed: list[str] = []
        stack = [""]  # explicit: a tree may be deeper than the interpreter's recursion limit
        while stack:
            here = stack.pop()
            try:
                with os.scandir(self.root / here) as found:
                    entries = list(found)
            except OSError:
                closed.append(here or ".")
                continue
            if here and any(entry.name in ("pyvenv.cfg", "conda-meta") for entry in entries):
                continue
            for entry in entries:
                path = f"{here}/{entry.name}" if here else entry.name
                if _is_directory(entry):
                    within = path + "/x"
                    if not (is_excluded(within) or is_built(within) or self._ignores.matches(path + "/")):
                        stack.append(path)
                elif _is_file(entry, inside) and not self._ignores.matches(path):
                    files.append(path)
        if closed and self.warning is None:
            self.warning = f"some files could not be listed: {display_path(min(closed))} cannot be read"
        return tuple(sorted(files))

    def ignored(self, path: str) -> bool:
        """Whether the .gitignore files on the way to the path exclude it or a directory that holds it."""
        inside = normal_path(path)
        if inside is None:
            return False
        is_directory = path.endswith("/") or (self.root / inside).is_dir()
        return self._ignores.ignores(inside + "/" if is_directory else inside)

    def _ignore_file(self, path: str) -> bytes | None:
        found = self.root / path
        try:
            return None if found.is_symlink() or not found.is_file() else found.read_bytes()
        except OSError:
            return None


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_file(entry: os.DirEntry[str], inside: str) -> bool:
    try:
        return links_inside(entry.path, inside) if entry.is_symlink() else entry.is_file(follow_symlinks=False)
    except OSError:
        return False

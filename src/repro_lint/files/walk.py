"""A directory outside git, walked with its .gitignore files honoured."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from repro_lint.files.excludes import is_built, is_excluded
from repro_lint.files.view import DiskView

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_Specs = list[tuple[str, "GitIgnoreSpec"]]


class DirectoryView(DiskView):
    """Every file below the root. Symbolic links to directories are not followed, links out of the root not listed."""

    kind = "directory"

    def paths(self) -> tuple[str, ...]:
        """All files but those ignored, or in directories that are never a project's own."""
        return self._paths

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._walk("", [])))

    def _walk(self, folder: str, specs: _Specs) -> Iterator[str]:
        # An explicit stack: a tree may be deeper than the interpreter's recursion limit.
        stack = [(folder, specs)]
        while stack:
            here, inherited = stack.pop()
            try:
                with os.scandir(self.root / here if here else self.root) as found:
                    entries = list(found)
            except OSError:
                continue
            names = {entry.name for entry in entries}
            if here and names & {"pyvenv.cfg", "conda-meta"}:
                continue
            specs = self._specs(here, inherited) if ".gitignore" in names else inherited
            for entry in entries:
                path = f"{here}/{entry.name}" if here else entry.name
                if _is_directory(entry):
                    inside = path + "/x"
                    if not (is_excluded(inside) or is_built(inside) or _is_ignored(path + "/", specs)):
                        stack.append((path, specs))
                elif self._is_file(entry) and not _is_ignored(path, specs):
                    yield path

    def _is_file(self, entry: os.DirEntry[str]) -> bool:
        try:
            if not entry.is_symlink():
                return entry.is_file(follow_symlinks=False)
            return entry.is_file() and os.path.realpath(entry.path).startswith(os.path.realpath(self.root) + os.sep)
        except OSError:
            return False

    def _specs(self, folder: str, inherited: _Specs) -> _Specs:
        from pathspec import GitIgnoreSpec

        try:
            lines = (self.root / folder / ".gitignore").read_text("utf-8", "replace").split("\n")
            return [*inherited, (folder, GitIgnoreSpec.from_lines(lines))]
        except (OSError, ValueError):
            return inherited

    def ignored(self, path: str) -> bool:
        """Whether the .gitignore files on the way to the path exclude it or a directory that holds it."""
        specs: _Specs = []
        parts = path.split("/")
        for depth in range(len(parts)):
            folder = "/".join(parts[:depth])
            if (self.root / folder / ".gitignore").is_file():
                specs = self._specs(folder, specs)
            last = depth == len(parts) - 1
            if _is_ignored("/".join(parts[: depth + 1]) + ("" if last else "/"), specs):
                return True
        return False


def _is_directory(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _is_ignored(path: str, specs: _Specs) -> bool:
    """The verdict of the innermost file that has one, as git decides (gitignore(5))."""
    for folder, spec in reversed(specs):
        relative = path[len(folder) + 1 :] if folder else path
        verdict = spec.check_file(relative).include
        if verdict is not None:
            return bool(verdict)
    return False

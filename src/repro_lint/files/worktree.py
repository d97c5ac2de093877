"""The working tree of a git repository, or a directory in one."""

from __future__ import annotations

import os
from functools import cached_property
from typing import IO

from repro_lint.files.disk import DiskView, FileKinds
from repro_lint.files.git import Conversation, Git
from repro_lint.files.view import display_path, normal_path
from repro_lint.git_variables import EDITED, PLAIN, listing

_GITLINK = b"160000"


class GitView(DiskView):
    """The working tree: tracked files, and untracked ones that are not ignored; deleted ones are gone.

    Untracked files are left out when pre-commit runs us: what it checks is what will be committed.
    """

    kind = "git"

    def __init__(self, git: Git) -> None:
        super().__init__(git.root)
        self._git = git
        self._disk = FileKinds(git.root)
        self._ignored: dict[str, bool] = {}

    def paths(self) -> tuple[str, ...]:
        """Every regular file, and symbolic links to files inside the root. Raises ``GitError``."""
        return self._listing[0]

    def tracked(self, path: str) -> bool:
        """Whether the file is in the index."""
        return path in self._listing[1]

    @property
    def submodules(self) -> tuple[str, ...]:
        """The paths of the submodules, from the index, checked out or not."""
        return self._listing[2]

    @cached_property
    def answers(self) -> tuple[bytes, bytes]:
        """What git lists, and which tracked files were edited. Raises ``GitError``."""
        said: list[str] = []
        listed = self._git.run(*listing(), said=said)
        self.warning = next((_warning(line) for line in said if "could not open directory" in line), None)
        return listed, self._git.run(*EDITED)

    @cached_property
    def _listing(self) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]:
        """The files, which of them are tracked, and the submodules.

        A file of the index that was not edited is one on disk. What else is listed is one if the disk says so.
        """
        listed, edited = self.answers
        changed = set(edited.split(b"\0"))
        disk = self._disk
        tracked, untracked, submodules = set(), set(), set()
        for entry in listed.split(b"\0"):
            if entry.startswith(b"? "):
                path = os.fsdecode(entry[2:])
                if not path.endswith("/") and disk.is_file(path):  # with a slash: another repository
                    untracked.add(path)
                continue
            meta, _, name = entry.partition(b"\t")
            path = os.fsdecode(name)
            if meta.startswith(PLAIN) and name not in changed:
                tracked.add(path)
            elif meta[2:8] == _GITLINK:
                if path != "./":  # the root itself is a submodule that is not checked out
                    submodules.add(path)
            elif path and path not in tracked and disk.is_real(path.rpartition("/")[0]) and disk.is_file(path):
                tracked.add(path)
        return tuple(sorted(tracked | untracked)), frozenset(tracked), tuple(sorted(submodules))

    def ignored(self, path: str) -> bool:
        """Whether git would ignore the path; a tracked file never is."""
        inside = normal_path(path)
        if inside is None or inside in self._listing[1]:
            return False
        if path.endswith("/") and not (self.root / inside).is_dir():  # what exists, git knows without the slash
            inside += "/"
        if inside not in self._ignored:
            try:
                # "./" keeps a colon at the beginning from being a pathspec's magic.
                pattern = self._checks.ask(b"./" + os.fsencode(inside) + b"\0", _read_pattern)
                self._ignored[inside] = bool(pattern) and not pattern.startswith(b"!")
            except OSError:  # git refuses paths beyond a symbolic link and in submodules, and ends
                self._ignored[inside] = False
        return self._ignored[inside]

    @cached_property
    def _checks(self) -> Conversation:
        return self._git.converse("check-ignore", "-z", "--verbose", "--non-matching", "--stdin")

    def close(self) -> None:
        """End the process that answers ``ignored``."""
        self._checks.close()


def _warning(line: str) -> str:
    return f"some files could not be listed: {display_path(line.removeprefix('warning: '))}"


def _read_pattern(reply: IO[bytes]) -> bytes:
    """The pattern that decides: the third of four fields, each of which ends in a zero byte."""
    found = b""
    while found.count(b"\0") < 4:
        piece = os.read(reply.fileno(), 65536)
        if not piece:
            raise EOFError
        found += piece
    return found.split(b"\0")[2]

"""A tree in git's object store: a commit, or the index. Nothing is checked out."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import IO, TypeVar

from repro_lint.files.git import Conversation, Git, GitError
from repro_lint.files.ignores import IgnoreRules
from repro_lint.files.view import FileView, normal_path

T = TypeVar("T")

_LINK, _GITLINK = "120000", "160000"
_MAX_LINKS = 40  # as Linux has it (path_resolution(7))
_STAGES = {"0": 0, "2": 1, "3": 2, "1": 3}  # of an unmerged file, our side is the one to look at


class ObjectView(FileView):
    """The files of a revision, or of the index for ``":index"``.

    Symbolic links to files of the same tree are followed; directories that are links are not.
    Raises ``GitError`` for what is not a revision.
    """

    def __init__(self, git: Git, rev: str) -> None:
        super().__init__(git.root)
        self.kind = "index" if rev == ":index" else "commit"
        self._git = git
        self._contents = git.converse("cat-file", "--batch")
        self._headers = git.converse("cat-file", "--batch-check")
        try:
            where = os.fsdecode(git.run("rev-parse", "--show-prefix", "--show-cdup"))
        except GitError as error:
            raise GitError(f"{rev} cannot be read: {error}") from error
        self._prefix, _, up = where.removesuffix("\n").rpartition("\n")
        self._modes: dict[str, str] = {}
        self._objects: dict[str, str] = {}  # of the whole tree, since .gitignore files above the root count
        for path, mode, name in self._list_index(up) if self.kind == "index" else self._list_commit(rev):
            self._modes[path], self._objects[path] = mode, name

    def _list_commit(self, rev: str) -> Iterator[tuple[str, str, str]]:
        if not rev or rev.startswith("-"):
            raise GitError(f"{rev!r} is not a revision")
        try:
            listed = self._git.run("ls-tree", "-r", "-z", "--full-tree", rev + "^{commit}")
        except GitError as error:
            shallow = self._git.run("rev-parse", "--is-shallow-repository").strip() == b"true"
            hint = "; this clone is shallow: fetch more history (fetch-depth: 0, or git fetch --unshallow)"
            said = str(error).replace("^{commit}", "")
            message = f"{rev} is not a revision of {self.root} (git: {said}){hint if shallow else ''}"
            raise GitError(message) from error
        for entry in os.fsdecode(listed).split("\0")[:-1]:
            meta, _, path = entry.partition("\t")
            mode, _, name = meta.split(" ")
            yield path, mode, name

    def _list_index(self, up: str) -> Iterator[tuple[str, str, str]]:
        above = Git(self.root / up)
        best: dict[str, int] = {}
        for entry in os.fsdecode(above.run("ls-files", "-z", "--stage")).split("\0")[:-1]:
            meta, _, path = entry.partition("\t")
            mode, name, stage = meta.split(" ")
            if best.get(path, 4) > _STAGES[stage]:
                best[path] = _STAGES[stage]
                yield path, mode, name

    @cached_property
    def _files(self) -> dict[str, str]:
        """The name of the object for each file below the root."""
        found: dict[str, str] = {}
        for path, mode in self._modes.items():
            if path.startswith(self._prefix) and mode != _GITLINK:
                target = self._follow(path) if mode == _LINK else path
                if target is not None:
                    found[path[len(self._prefix) :]] = self._objects[target]
        return found

    def _follow(self, path: str) -> str | None:
        """The file that the link leads to, or None where it is not a regular one below the root."""
        for _ in range(_MAX_LINKS):
            mode = self._modes.get(path)
            if mode is None or mode == _GITLINK or not path.startswith(self._prefix):
                return None
            if mode != _LINK:
                return path
            try:
                target = os.fsdecode(self._content(self._objects[path]))
            except OSError:
                return None
            path = posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
        return None

    def paths(self) -> tuple[str, ...]:
        """Every regular file of the tree, and symbolic links to such."""
        return self._paths

    @cached_property
    def _paths(self) -> tuple[str, ...]:
        return tuple(sorted(self._files))

    def tracked(self, path: str) -> bool:
        """Whether the tree has the file."""
        return path in self._files

    @property
    def submodules(self) -> tuple[str, ...]:
        """The paths of the submodules."""
        cut = len(self._prefix)
        links = (path for path, mode in self._modes.items() if mode == _GITLINK and path.startswith(self._prefix))
        return tuple(sorted(path[cut:] for path in links))

    def read(self, path: str) -> bytes:
        """The content. Raises ``OSError``, also where a partial clone lacks it: nothing is fetched."""
        return self._content(self._object(path))

    def size(self, path: str) -> int:
        """The size in bytes. Raises ``OSError``."""
        return _ask(self._headers, self._object(path), _read_size)

    def _object(self, path: str) -> str:
        if path in self._files:
            return self._files[path]
        if path in self._directories:
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        raise FileNotFoundError(errno.ENOENT, "no such file in the tree", path)

    @cached_property
    def _directories(self) -> frozenset[str]:
        found = {""}
        for path in self._files:
            while (path := path.rpartition("/")[0]) not in found:
                found.add(path)
        return frozenset(found)

    def _content(self, name: str) -> bytes:
        return _ask(self._contents, name, _read_content)

    def ignored(self, path: str) -> bool:
        """Whether the tree's own .gitignore files exclude the path, which is not one of its files."""
        inside = normal_path(path)
        if inside is None or inside in self._files:
            return False
        is_directory = path.endswith("/") or inside in self._directories
        return self._ignores.ignores(self._prefix + inside + ("/" if is_directory else ""))

    @cached_property
    def _ignores(self) -> IgnoreRules:
        return IgnoreRules(self._ignore_file)

    def _ignore_file(self, path: str) -> bytes | None:
        if self._modes.get(path, _LINK) in (_LINK, _GITLINK):
            return None
        try:
            return self._content(self._objects[path])
        except OSError:
            return None

    def close(self) -> None:
        """End the processes that read objects; a later ``read`` starts another."""
        self._contents.close()
        self._headers.close()


def _ask(conversation: Conversation, name: str, answer: Callable[[IO[bytes]], T | None]) -> T:
    found = conversation.ask(name.encode() + b"\n", answer)
    if found is None:
        raise OSError(f"git lacks the object {name}")
    return found


def _read_size(reply: IO[bytes]) -> int | None:
    """The size in the header ``NAME TYPE SIZE``, or None for ``NAME missing``."""
    header = reply.readline()
    if not header.endswith(b"\n"):
        raise EOFError
    fields = header.split()
    return int(fields[2]) if len(fields) == 3 else None


def _read_content(reply: IO[bytes]) -> bytes | None:
    size = _read_size(reply)
    if size is None:
        return None
    content = reply.read(size + 1)
    if len(content) != size + 1:
        raise EOFError
    return content[:-1]

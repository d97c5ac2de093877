"""Where a change began, and what it does to files."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import TypeVar

from repro_lint.files.git import Git, GitError
from repro_lint.files.objects import ObjectView
from repro_lint.files.view import FileView, display_path
from repro_lint.lazy import dataclass

T = TypeVar("T")

_LARGEST = 20 * 2**20  # data of that size is not read to see whether it has another name now
_FILES = "--ignore-submodules=all"


class NoCommitError(GitError):
    """The repository has no commit yet."""


@dataclass(frozen=True)
class Start:
    """The commit that a change began with: the newest that HEAD and the ``revision`` have in common."""

    revision: str
    commit: str


def find_start(root: Path, revision: str) -> Start:
    """Where the change began that leads from the revision to the working tree, as a pull request has it.

    Raises ``GitError`` with one sentence where that is not known: no repository, no such revision, nothing in
    common, or a shallow clone whose missing history might hold the answer.
    """
    git = Git(root)
    if not git.expected:
        raise GitError(f"{root} is not in a git repository, so there is no {revision} to compare with")
    git.run("rev-parse", "--git-dir")
    head = _commit(git, "HEAD")
    if head is None:
        raise NoCommitError(f"there is no commit yet to compare with in {root}")
    commit = _commit(git, revision)
    if commit is None:
        raise GitError(f"{revision} is not a revision of {root}{_hint(git, revision)}")
    try:
        base = git.run("merge-base", commit, head).decode().strip()
    except GitError:
        base = ""
    if base in (commit, head):
        return Start(revision, base)
    cut = _cut(git)
    above = git.run("rev-list", commit, head, *(["--not", base] if base else [])).decode().split() if cut else []
    if not cut.isdisjoint(above):
        raise GitError(
            f"where HEAD left {revision} cannot be told, because this clone is shallow: fetch more history "
            "(fetch-depth: 0, or git fetch --unshallow)"
        )
    if not base:
        raise GitError(f"HEAD and {revision} have no commit in common")
    return Start(revision, base)


def _commit(git: Git, revision: str) -> str | None:
    if not revision or revision.startswith("-"):
        return None
    try:
        return git.run("rev-parse", "--verify", "--quiet", revision + "^{commit}").decode().strip() or None
    except GitError:
        return None


def _hint(git: Git, revision: str) -> str:
    if git.run("rev-parse", "--is-shallow-repository").strip() == b"true":
        return (
            ": this clone is shallow, so fetch more history (fetch-depth: 2 for HEAD^1, fetch-depth: 0 for a branch, "
            "or git fetch --unshallow)"
        )
    return f" (did you mean origin/{revision}?)" if _commit(git, f"refs/remotes/origin/{revision}") else ""


def _cut(git: Git) -> frozenset[str]:
    """The commits of a shallow clone whose parents are missing."""
    where = git.root / os.fsdecode(git.run("rev-parse", "--git-path", "shallow").removesuffix(b"\n"))
    try:
        return frozenset(where.read_text(encoding="ascii").split())
    except FileNotFoundError:
        return frozenset()


class StartView(ObjectView):
    """The tree that a change began with. What the change leaves alone is read from the working tree.

    So a file that git stores in another form than it checks out (end of lines, filters for notebooks, large files)
    is not taken for changed. No filter is run: they are programs.
    """

    def __init__(self, current: FileView, start: Start) -> None:
        git = Git(current.root)
        super().__init__(git, start.commit)
        self._history = git
        self._start = start
        self._current = current
        self._lacking: str | None = None

    @cached_property
    def renames(self) -> Mapping[str, str]:
        """The new path of each file that git, or the same content, tells to be the same under another name."""
        found = {old: new for status, old, new in self._changes if status == "R"}
        there = frozenset(self._current.paths())
        lost = {path: object_ for path, object_ in self._files.items() if path not in there and path not in found}
        new = there - frozenset(self._files) - frozenset(found.values()) if lost else frozenset()
        by_object = {name: path for path, name in lost.items()}
        for path in sorted(new):
            try:
                content = self._current.read(path) if self._current.size(path) <= _LARGEST else b""
                old = by_object.pop(_object_name(content, next(iter(lost.values()))), None)
            except OSError:
                continue
            if old is not None:
                found[old] = path
        return {old: new for old, new in found.items() if new in there and old not in there}

    @cached_property
    def changed(self) -> frozenset[str]:
        """The paths that are not the same in both trees, in one of them or in both."""
        there, before = frozenset(self._current.paths()), frozenset(self._files)
        staged = {path for _, old, new in self._changes for path in (old, new)}
        return frozenset((there ^ before) | staged | self._edited)

    def require(self) -> None:
        """Raise ``GitError`` if the content of a file was asked for that is missing, as in a partial clone."""
        if self._lacking is not None:
            raise GitError(
                f"this clone is partial and lacks {display_path(self._lacking)} as it was in {self._start.commit[:12]}:"
                " fetch the objects first (git fetch --refetch --no-filter), or clone without --filter"
            )

    @cached_property
    def _changes(self) -> tuple[tuple[str, str, str], ...]:
        """Status, old and new path of each file that differs between the commit and the index."""
        compare = ("diff-index", "--cached", "-z", "--name-status", "--relative", _FILES)
        try:
            listed = self._history.run(*compare, "-M", self._start.commit)
        except GitError:  # a partial clone lacks something; what is the same to the letter needs no content
            listed = self._history.run(*compare, "-M100%", self._start.commit)
        return tuple(_read_changes(listed))

    @cached_property
    def _edited(self) -> frozenset[str]:
        """The paths whose files in the working tree are not known to be those of the index."""
        drivers = self._history.config_names(r"^filter\..*\.(clean|process|required)$")
        if any("=" in name for name in drivers):  # it could not be turned off
            return frozenset(self._files)
        off = [word for name in drivers for word in ("-c", f"{name}={'false' if name.endswith('required') else ''}")]
        listed = self._history.run("diff-files", "-z", "--name-only", "--relative", _FILES, options=off)
        return frozenset(os.fsdecode(listed).split("\0")[:-1])

    @cached_property
    def _absent(self) -> frozenset[str]:
        """The files that a sparse checkout leaves out: the change did not delete them."""
        listed = os.fsdecode(self._history.run("ls-files", "-z", "-t")).split("\0")
        return frozenset(entry[2:] for entry in listed if entry.startswith("S "))

    def paths(self) -> tuple[str, ...]:
        """The files of the commit, but for those that a sparse checkout leaves out."""
        return self._visible

    @cached_property
    def _visible(self) -> tuple[str, ...]:
        there = frozenset(self._current.paths())
        return tuple(path for path in super().paths() if path in there or path not in self._absent)

    def read(self, path: str) -> bytes:
        """The content. Raises ``OSError``."""
        return self._had(path, super().read if path in self.changed else self._current.read)

    def size(self, path: str) -> int:
        """The size in bytes. Raises ``OSError``."""
        return self._had(path, super().size if path in self.changed else self._current.size)

    def _had(self, path: str, ask: Callable[[str], T]) -> T:
        try:
            return ask(path)
        except OSError:
            if path in self.changed and path in self._files:
                self._lacking = path
            raise


def _read_changes(listed: bytes) -> Iterator[tuple[str, str, str]]:
    fields = iter(os.fsdecode(listed).split("\0")[:-1])
    for status in fields:
        old = next(fields)
        yield status[:1], old, next(fields) if status[:1] in "RC" else old


def _object_name(content: bytes, like: str) -> str:
    """The name that git gives to the content, with the hash function that made the other name."""
    import hashlib

    digest = hashlib.sha256 if len(like) == 64 else hashlib.sha1
    return digest(b"blob %d\0" % len(content) + content).hexdigest()

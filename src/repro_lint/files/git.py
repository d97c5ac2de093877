"""Trees that git knows: the working tree, the index, a commit."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Literal

from repro_lint.files.view import DiskView, FileView

_LINK, _GITLINK = "120000", "160000"


class GitError(Exception):
    """Git could not do what was asked; the message says what git said."""


def run_git(root: Path, arguments: Sequence[str], *, data: bytes | None = None, ok: tuple[int, ...] = (0,)) -> bytes:
    """What git prints, run in ``root``. Raises ``GitError``, also where git is not installed."""
    try:
        done = subprocess.run(
            ["git", "-C", str(root), *arguments], input=data, capture_output=True, env=_environment(), check=False
        )
    except OSError as error:
        raise GitError(f"git cannot be run: {error.strerror or error}") from error
    if done.returncode not in ok:
        said = done.stderr.decode("utf-8", "replace").strip().split("\n")[0]
        raise GitError(said or f"git {arguments[0]} ended with {done.returncode}")
    return done.stdout


def _environment() -> dict[str, str]:
    """Without the variables by which a hook's git points at the repository that it runs for.

    GIT_INDEX_FILE among them: what is listed must be the tree of ``root``, which may be another repository.
    """
    kept = {
        k: v for k, v in os.environ.items() if k not in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX")
    }
    return {**kept, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}


def git_toplevel(path: Path) -> Path | None:
    """The root of the work tree that holds the directory, or None where there is none or no git."""
    try:
        found = run_git(path, ["rev-parse", "--show-toplevel"])
    except GitError:
        return None
    top = os.fsdecode(found.rstrip(b"\n"))
    return Path(top) if top else None


class GitView(DiskView):
    """The working tree: tracked files, and untracked ones that are not ignored; deleted ones are gone.

    Untracked files are left out when pre-commit runs us: what it checks is what will be committed.
    """

    kind = "git"

    def paths(self) -> tuple[str, ...]:
        """Every regular file, and symbolic links to files inside the root."""
        return self._listing[0]

    def tracked(self, path: str) -> bool:
        """Whether the file is in the index."""
        return path not in self._listing[1]

    @property
    def submodules(self) -> tuple[str, ...]:
        """The paths of the submodules, from the index."""
        return self._listing[2]

    @cached_property
    def _listing(self) -> tuple[tuple[str, ...], frozenset[str], tuple[str, ...]]:
        """The files, which of them are untracked, and the submodules, from one call of git.

        ``-t`` tells tracked, untracked and deleted apart. Modes are not listed: links and submodules are what
        is not a regular file on the disk.
        """
        others = [] if os.environ.get("PRE_COMMIT") else ["--others", "--exclude-standard"]
        listed = run_git(self.root, ["ls-files", "-z", "-t", "--cached", "--deleted", *others])
        tags: dict[str, str] = {}
        for entry in os.fsdecode(listed).split("\0"):
            tag, path = entry[:1], entry[2:]
            if path and tags.get(path) != "R":
                tags[path] = tag
        files, untracked, submodules = [], set(), []
        for path, tag in tags.items():
            if tag == "R" or path.endswith("/"):  # deleted; or another repository, which git does not look into
                continue
            kind = self._kind(path)
            if kind == "file":
                files.append(path)
                if tag == "?":
                    untracked.add(path)
            elif kind == "directory" and tag != "?":
                submodules.append(path)
        return tuple(sorted(files)), frozenset(untracked), tuple(sorted(submodules))

    @cached_property
    def _root(self) -> str:
        return str(self.root)

    @cached_property
    def _real_root(self) -> str:
        return os.path.realpath(self.root) + os.sep

    def _kind(self, path: str) -> Literal["file", "directory", "other"]:
        full = f"{self._root}/{path}"
        try:
            mode = os.lstat(full).st_mode & 0o170000
            if mode == 0o120000:
                inside = os.path.realpath(full).startswith(self._real_root)
                return "file" if inside and Path(full).is_file() else "other"
        except OSError:
            return "other"
        return {0o100000: "file", 0o040000: "directory"}.get(mode, "other")  # type: ignore[return-value]

    def ignored(self, path: str) -> bool:
        """Whether git would ignore the path; a tracked file never is."""
        if path not in self._ignored:
            try:
                found = run_git(self.root, ["check-ignore", "-z", "--stdin"], data=os.fsencode(path) + b"\0", ok=(0, 1))
            except GitError:
                found = b""
            self._ignored[path] = bool(found)
        return self._ignored[path]

    @cached_property
    def _ignored(self) -> dict[str, bool]:
        return {}


class ObjectView(FileView):
    """A tree in git's object store: a commit, or the index. Nothing is checked out."""

    def __init__(self, root: Path, rev: str) -> None:
        super().__init__(root)
        self.rev = rev
        self.kind = "index" if rev == ":index" else "commit"
        self._objects, self._submodules = self._list()
        self._process: subprocess.Popen[bytes] | None = None

    def paths(self) -> tuple[str, ...]:
        """Every regular file of the tree."""
        return tuple(sorted(self._objects))

    @property
    def submodules(self) -> tuple[str, ...]:
        """The paths of the submodules."""
        return self._submodules

    def _list(self) -> tuple[dict[str, str], tuple[str, ...]]:
        if self.kind == "index":
            arguments = ["ls-files", "-s", "-z"]
        else:
            if self.rev.startswith("-"):
                raise GitError(f"{self.rev}: not a revision")
            self._check_revision()
            arguments = ["ls-tree", "-r", "-z", "--end-of-options", self.rev, "."]
        objects: dict[str, str] = {}
        links: set[str] = set()
        for entry in os.fsdecode(run_git(self.root, arguments)).split("\0"):
            meta, _, path = entry.partition("\t")
            if not path:
                continue
            mode, *rest = meta.split(" ")
            if mode == _GITLINK:
                links.add(path)
            elif mode != _LINK:
                objects[path] = rest[1] if self.kind == "commit" else rest[0]
        return objects, tuple(sorted(links))

    def _check_revision(self) -> None:
        try:
            run_git(self.root, ["rev-parse", "--verify", "--quiet", "--end-of-options", self.rev + "^{commit}"])
        except GitError as error:
            shallow = run_git(self.root, ["rev-parse", "--is-shallow-repository"]).strip() == b"true"
            hint = (
                "; this clone is shallow: fetch more history (fetch-depth: 0, or git fetch --unshallow)"
                if shallow
                else ""
            )
            raise GitError(f"{self.rev} is not a revision of {self.root}{hint}") from error

    def read(self, path: str) -> bytes:
        """The content. Raises ``FileNotFoundError``."""
        if path not in self._objects:
            raise FileNotFoundError(2, "no such file in the tree", path)
        process = self._process = self._process or subprocess.Popen(
            ["git", "-C", str(self.root), "cat-file", "--batch"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env=_environment(),
        )
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(self._objects[path].encode() + b"\n")
        process.stdin.flush()
        header = process.stdout.readline().split()
        if len(header) != 3:
            raise OSError(f"git has no content for {path}")
        content = process.stdout.read(int(header[2]))
        process.stdout.read(1)
        return content

    def size(self, path: str) -> int:
        """The size in bytes. Raises ``FileNotFoundError``."""
        return len(self.read(path))

    def close(self) -> None:
        """End the process that reads objects; a later ``read`` starts another."""
        if self._process is not None:
            assert self._process.stdin is not None
            assert self._process.stdout is not None
            self._process.stdin.close()
            self._process.stdout.close()
            self._process.wait()
            self._process = None

    def __del__(self) -> None:
        if getattr(self, "_process", None) is not None:
            self.close()

"""What is on disk below a root."""

from __future__ import annotations

import errno
import os
import stat

from repro_lint.files.view import FileView, normal_path


class DiskView(FileView):
    """Reading from the working tree."""

    can_be_shared = True

    def read(self, path: str) -> bytes:
        """The content. Raises ``OSError``."""
        found, _ = self._regular(path)
        with open(found, "rb", buffering=0) as file:  # noqa: PTH123
            return file.readall()

    def size(self, path: str) -> int:
        """The size in bytes. Raises ``OSError``."""
        return self._regular(path)[1].st_size

    def _regular(self, path: str) -> tuple[str, os.stat_result]:
        """The file as it is on disk. A string, not a path: each of thousands is asked for its size and its content.

        Raises ``OSError`` for what is none, a pipe among others: to open one would wait for ever.
        """
        inside = normal_path(path)
        if inside is None:
            raise FileNotFoundError(errno.ENOENT, "not a path below the root", path)
        found = f"{self.root}/{inside}"
        state = os.stat(found)  # noqa: PTH116
        if stat.S_ISDIR(state.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not stat.S_ISREG(state.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", path)
        return found, state


class FileKinds:
    """What the names in a listing are on disk. Strings, not paths: a listing has thousands."""

    def __init__(self, root: os.PathLike[str]) -> None:
        self._root = os.fspath(root)
        self._inside = os.path.join(os.path.realpath(root), "")  # noqa: PTH118
        self._real = {"": True}

    def _kind(self, path: str) -> int:
        try:
            return stat.S_IFMT(os.lstat(f"{self._root}/{path}").st_mode)
        except OSError:
            return 0

    def is_file(self, path: str) -> bool:
        """Whether it is a regular file, or a symbolic link to one inside the root."""
        kind = self._kind(path)
        if kind != stat.S_IFLNK:
            return kind == stat.S_IFREG
        return links_inside(f"{self._root}/{path}", self._inside)

    def is_real(self, directory: str) -> bool:
        """Whether it is a directory all the way down: git holds what lies beyond a symbolic link for deleted."""
        unknown = []
        while directory not in self._real:
            unknown.append(directory)
            directory = directory.rpartition("/")[0]
        real = self._real[directory]
        for below in reversed(unknown):
            real = real and self._kind(below) == stat.S_IFDIR
            self._real[below] = real
        return real


def links_inside(path: str, root: str) -> bool:
    """Whether the symbolic link leads to a regular file below ``root`` (resolved, with a slash at the end)."""
    try:
        target = os.path.realpath(path, strict=True)
        return target.startswith(root) and stat.S_ISREG(os.lstat(target).st_mode)
    except OSError:  # dangling, or a loop
        return False

"""The directory of the cache: files that are written whole, and are a miss when anything is wrong with them."""

from __future__ import annotations

import contextlib
import marshal
import os
import sys
import zlib
from typing import Any

_MAGIC = b"repro-lint cache 1\n"
_KEPT = 400
"""Entries of a kind; the oldest go first."""
_KINDS = ("runs", "files", "packs")
_NOTE = "This directory is a cache of repro-lint; it may be deleted at any time.\n"


def cache_directory() -> str | None:
    """Where the cache is: REPRO_LINT_CACHE_DIR, else in the user's cache directory. None where there is no home."""
    if given := os.environ.get("REPRO_LINT_CACHE_DIR"):
        return os.path.abspath(given)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA")
    elif sys.platform == "darwin":
        base = os.path.expanduser("~/Library/Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    return os.path.join(base, "repro-lint") if base and os.path.isabs(base) else None


def is_switched_off() -> bool:
    """Whether the environment says that there is to be no cache."""
    return bool(os.environ.get("REPRO_LINT_NO_CACHE"))


def read_entry(kind: str, key: str) -> Any:
    """What was kept under the key: built from tuples, lists, dicts, texts, bytes and numbers. None for a miss."""
    directory = cache_directory()
    if directory is None:
        return None
    try:
        with open(os.path.join(directory, kind, key), "rb") as file:
            stored = file.read()
        if not stored.startswith(_MAGIC):
            return None
        body = stored[len(_MAGIC) + 4 :]
        # Only what is whole is read further: marshal must not be given anything else.
        if zlib.crc32(body).to_bytes(4, "big") != stored[len(_MAGIC) : len(_MAGIC) + 4]:
            return None
        return marshal.loads(body)
    except (OSError, EOFError, ValueError, TypeError, MemoryError):
        return None


def write_entry(kind: str, key: str, value: Any) -> None:
    """Keep the value under the key. What cannot be written, for want of rights or space, is not kept."""
    directory = cache_directory()
    if directory is None:
        return
    folder = os.path.join(directory, kind)
    temporary = os.path.join(folder, f".{key}.{os.getpid()}")
    try:
        body = marshal.dumps(value)
        os.makedirs(folder, mode=0o700, exist_ok=True)
        _explain(directory)
        # A reader sees the old entry or the new one, whatever happens meanwhile.
        with open(temporary, "wb") as file:
            file.write(_MAGIC + zlib.crc32(body).to_bytes(4, "big") + body)
        os.replace(temporary, os.path.join(folder, key))
        _forget_oldest(folder)
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            os.unlink(temporary)


def _explain(directory: str) -> None:
    note = os.path.join(directory, "README")
    if not os.path.exists(note):
        with open(note, "w", encoding="utf-8") as file:
            file.write(_NOTE)
        with open(os.path.join(directory, ".gitignore"), "w", encoding="utf-8") as file:
            file.write("*\n")


def _forget_oldest(folder: str) -> None:
    with os.scandir(folder) as entries:
        found = sorted((entry.stat().st_mtime, entry.path) for entry in entries)
    for _, path in found[: max(len(found) - _KEPT, 0)]:
        with contextlib.suppress(OSError):
            os.unlink(path)


def entries() -> dict[str, tuple[int, int]]:
    """For each kind the number of its entries and their bytes."""
    found: dict[str, tuple[int, int]] = {}
    directory = cache_directory()
    for kind in _KINDS if directory else ():
        with contextlib.suppress(OSError), os.scandir(os.path.join(str(directory), kind)) as listed:
            sizes = [entry.stat().st_size for entry in listed]
            found[kind] = len(sizes), sum(sizes)
    return found


def clean() -> int:
    """Delete every entry; returns how many there were. Nothing else in the directory is touched."""
    deleted = 0
    directory = cache_directory()
    for kind in _KINDS if directory else ():
        folder = os.path.join(str(directory), kind)
        with contextlib.suppress(OSError), os.scandir(folder) as listed:
            for path in [entry.path for entry in listed]:
                os.unlink(path)
                deleted += 1
        with contextlib.suppress(OSError):
            os.rmdir(folder)
    return deleted

"""What a tree is made of, told without reading its files: from git's index, or from sizes and times."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from repro_lint.git_variables import EDITED, NOTHING_EXECUTED, PLAIN, SETTINGS, listing

_MOST_FILES = 50_000

State = tuple[Any, ...]
Code = tuple[tuple[str, ...], State]
"""The folders with the code that runs, ours and the packs', and the state that they were in before it was imported."""


def file_state(path: str) -> State:
    """What tells one content of a file from another, or () where there is no file; links are followed."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        return ()
    return found.st_mode, found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino


def git_state(root: str) -> State | None:
    """The content of the work tree: what is tracked, with the hashes of the index, and what differs from it.

    ``git ls-files --stage`` names the hash of every tracked file; ``git diff-files`` those that were edited since,
    for which, as for untracked files, size and times stand. None where git does not answer.
    """
    listed, edited = _ask(root, listing(), EDITED)
    return None if listed is None or edited is None else index_state(root, listed, edited)


def index_state(root: str, listed: bytes, edited: bytes) -> State:
    """The same from what git has said."""
    special = [entry for entry in listed.split(b"\0") if entry[:8] not in PLAIN]
    names = {entry.rpartition(b"\t")[2] if b"\t" in entry else entry[2:] for entry in special}
    names.update(edited.split(b"\0"))
    states = tuple((name, *file_state(os.path.join(root, os.fsdecode(name)))) for name in sorted(names - {b""}))
    return listed, edited, states


def tree_state(root: str, git: bool) -> State | None:
    """The content of the tree, by git's index or by sizes and times; None where that cannot be told."""
    return git_state(root) if git else directory_state(root)


def contents(root: str, git: bool, state: State | None) -> dict[str, State]:
    """For each path what tells its content, out of the state of the tree; empty where there is none."""
    if state is None:
        return {}
    if not git:
        start = len(root) + 1
        return {row[0][start:].replace(os.sep, "/"): row[1:] for row in state}
    listed, _, special = state
    found: dict[str, State] = {}
    plain = tuple(map(os.fsdecode, PLAIN))
    for entry in os.fsdecode(listed).split("\0"):
        if entry.startswith(plain):
            meta, _, name = entry.partition("\t")
            found[name] = (meta[2:],)
    for name, *rest in special:
        found[os.fsdecode(name)] = tuple(rest)
    return found


def _ask(root: str, *questions: Sequence[str]) -> Iterator[bytes | None]:
    """What git says to each question; all are asked at once."""
    environment = {**os.environ, **SETTINGS}
    commands = [["git", *NOTHING_EXECUTED, "-C", root, *question] for question in questions]
    if not hasattr(os, "posix_spawnp"):
        import subprocess

        for command in commands:
            try:
                done = subprocess.run(
                    command, stdin=subprocess.DEVNULL, capture_output=True, env=environment, check=False
                )
            except OSError:
                yield None
            else:
                yield None if done.returncode else done.stdout
        return
    for process in [_spawn(command, environment) for command in commands]:
        yield _reply(*process) if process else None


def _spawn(command: list[str], environment: dict[str, str]) -> tuple[int, int] | None:
    """The process and where its output can be read; importing ``subprocess`` takes as long as Python's start."""
    reading, writing = os.pipe()
    nothing = os.open(os.devnull, os.O_RDWR)
    actions = [(os.POSIX_SPAWN_DUP2, nothing, 0), (os.POSIX_SPAWN_DUP2, writing, 1), (os.POSIX_SPAWN_DUP2, nothing, 2)]
    try:
        return os.posix_spawnp(command[0], command, environment, file_actions=actions), reading
    except OSError:
        os.close(reading)
        return None
    finally:
        os.close(writing)
        os.close(nothing)


def _reply(process: int, reading: int) -> bytes | None:
    with open(reading, "rb") as stream:
        said = stream.read()
    _, status = os.waitpid(process, 0)
    return None if status else said


def directory_state(root: str) -> State | None:
    """The names, sizes and times of all files below; None where there are too many for that to pay."""
    found: list[State] = []
    stack = [root]
    while stack:
        folder = stack.pop()
        try:
            with os.scandir(folder) as entries:
                for entry in sorted(entries, key=lambda entry: entry.name):
                    if entry.is_dir(follow_symlinks=False):
                        stack.append(entry.path)
                    found.append((entry.path, *file_state(entry.path)))
        except OSError:
            found.append((folder,))
        if len(found) > _MOST_FILES:
            return None
    return tuple(found)


def code_state(folders: Iterable[str]) -> State:
    """The code that runs: of installed packages the directory they are in, of others every file."""
    found: list[State] = []
    for folder in folders:
        parent = os.path.dirname(folder)
        if os.path.basename(parent) in ("site-packages", "dist-packages"):
            found.append((parent, *file_state(parent)[2:3]))
            continue
        for name, folders_below, files in os.walk(folder):
            folders_below[:] = sorted(f for f in folders_below if f != "__pycache__")
            found += [(name, file, *file_state(os.path.join(name, file))[1:3]) for file in sorted(files)]
    # Installing or removing a package changes the directory that it is in.
    found += [(entry, *file_state(entry)[2:3]) for entry in sys.path if os.path.isdir(entry)]
    return tuple(found)

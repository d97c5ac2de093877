"""Which file of the repository a path in the image means."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from repro_lint.api import BuildCommand, Dockerfile, Instruction, expand_variables, is_open_text

_UNKNOWN = "/…"  # stands for the directory in which an image starts, where nothing in the file tells it
_PROJECT_FILES = frozenset({"pyproject.toml", "setup.py", "setup.cfg"})


def contexts(dockerfile: Dockerfile) -> Iterator[str]:
    """The directories that the build may be started with: that of the Dockerfile, and those above it."""
    directory = posixpath.dirname(dockerfile.path)
    while directory:
        yield directory
        directory = posixpath.dirname(directory)
    yield ""


def is_of_project(dockerfile: Dockerfile, directory: str) -> bool:
    """Whether the image is that of the project in the directory: it holds all of it, or lies beside it."""
    given = [i for i in dockerfile.instructions if _copies_context(i)]
    beside = posixpath.dirname(dockerfile.path) == directory
    return bool(given) and (beside or any(posixpath.normpath(i.words[0].text) == "." for i in given if i.words))


def copies_project(dockerfile: Dockerfile, command: BuildCommand) -> bool:
    """Whether the directory in which the command runs is one that the project was copied to."""
    where = _where(dockerfile, command)
    if where is None:
        return False
    for source, target in _copies(dockerfile, command):
        directory = target if source == "." else posixpath.dirname(target)
        if directory == where and (source == "." or posixpath.basename(source) in _PROJECT_FILES):
            return True
    return False


def find_in_context(dockerfile: Dockerfile, command: BuildCommand, path: str) -> str | None:
    """The file of the repository that the path in the command means, or None where nothing shows it."""
    path = expand_variables(path, dockerfile.variables_at(command.instruction))
    where = _where(dockerfile, command)
    if is_open_text(path) or "://" in path or (where is None and not path.startswith("/")):
        return None
    wanted = posixpath.normpath(posixpath.join(where or "/", path))
    name = posixpath.basename(path)
    fetched = any(argv[:2] == ("git", "clone") for argv in _before(dockerfile, command))
    candidates: list[str] = []
    for source, target in _copies(dockerfile, command):
        folder, copied = posixpath.split(source)
        if target == wanted or (copied == name and not fetched):
            candidates.append(source)
        elif "*" in copied and name.startswith(copied.partition("*")[0]) and not fetched:
            candidates.append(posixpath.join(folder, name))
        if wanted.startswith(target.rstrip("/") + "/"):
            candidates.append(posixpath.join(source, wanted[len(target.rstrip("/")) + 1 :]))
    return next((found for c in candidates if (found := _in_repository(dockerfile, c)) is not None), None)


def _copies(dockerfile: Dockerfile, command: BuildCommand) -> Iterator[tuple[str, str]]:
    """What was copied before the command runs: normal paths in the context, and where they stand in the image."""
    for instruction in dockerfile.instructions:
        if instruction.start > command.instruction.start:
            return
        if instruction.start == command.instruction.start:
            yield from _mounts(instruction, command.directory)
        elif _copies_context(instruction):
            words = [expand_variables(w.text, dockerfile.variables_at(instruction)) for w in instruction.words]
            if len(words) < 2 or any(is_open_text(word) for word in words):
                continue
            target = posixpath.normpath(posixpath.join(dockerfile.directory_at(instruction) or _UNKNOWN, words[-1]))
            into_directory = words[-1].endswith("/") or words[-1] in (".", "..") or len(words) > 2
            for source in (posixpath.normpath(word.lstrip("/") or ".") for word in words[:-1]):
                is_file = "*" in source or _in_repository(dockerfile, source) is not None
                inside = posixpath.join(target, posixpath.basename(source))
                yield source, inside if into_directory and is_file else target


def _mounts(instruction: Instruction, directory: str | None) -> Iterator[tuple[str, str]]:
    for flag in instruction.flags:
        options = dict(part.partition("=")[::2] for part in flag.value.split(",")) if flag.name == "mount" else {}
        target = options.get("target", options.get("dst", options.get("destination", "")))
        if target and options.get("type", "bind") == "bind" and "from" not in options:
            source = posixpath.normpath(options.get("source", options.get("src", ".")).lstrip("/") or ".")
            yield source, posixpath.normpath(posixpath.join(directory or _UNKNOWN, target))


def _copies_context(instruction: Instruction) -> bool:
    return instruction.keyword in ("COPY", "ADD") and not instruction.onbuild and instruction.flag("from") is None


def _where(dockerfile: Dockerfile, command: BuildCommand) -> str | None:
    """The directory in which the command runs; None behind a ``cd`` that leads nowhere known."""
    if command.directory is not None:
        return command.directory
    beside = [c for c in dockerfile.commands if c.instruction is command.instruction]
    return None if any(c.statement.program in ("cd", "pushd") for c in beside) else _UNKNOWN


def _before(dockerfile: Dockerfile, command: BuildCommand) -> Iterator[tuple[str, ...]]:
    for other in dockerfile.commands:
        if other.instruction.start > command.instruction.start:
            return
        yield other.statement.argv


def _in_repository(dockerfile: Dockerfile, path: str) -> str | None:
    """The file that the path in the context means, whichever directory the build is started with."""
    files = dockerfile.project.files
    for context in contexts(dockerfile):
        if (found := posixpath.normpath(posixpath.join(context, path))) in files:
            return found
    return None

"""Which file of the repository a path in the image means."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from repro_lint.api import BuildCommand, Dockerfile, expand_variables, is_open_text


def contexts(dockerfile: Dockerfile) -> Iterator[str]:
    """The directories that the build may be started with: that of the Dockerfile, and those above it."""
    directory = posixpath.dirname(dockerfile.path)
    while directory:
        yield directory
        directory = posixpath.dirname(directory)
    yield ""


def holds_project(dockerfile: Dockerfile) -> bool:
    """Whether the image is given files of the context at any time, so that it is the project's own."""
    return any(i.keyword in ("COPY", "ADD") and i.flag("from") is None for i in dockerfile.instructions)


def copies(dockerfile: Dockerfile, command: BuildCommand) -> Iterator[tuple[str, str]]:
    """What stands in the image when the command runs: paths in the context, and where they come to in the image."""
    for instruction in dockerfile.instructions:
        if instruction.start > command.instruction.start:
            return
        if instruction.keyword == "RUN" and instruction.start == command.instruction.start:
            for flag in instruction.flags:
                if flag.name == "mount":
                    options = dict(part.partition("=")[::2] for part in flag.value.split(","))
                    source = options.get("source", options.get("src", ""))
                    target = options.get("target", options.get("dst", options.get("destination", "")))
                    if options.get("type", "bind") == "bind" and "from" not in options and target:
                        yield source or ".", _absolute(target, command.directory)
        elif instruction.keyword in ("COPY", "ADD") and not instruction.onbuild and instruction.flag("from") is None:
            words = [expand_variables(w.text, dockerfile.variables_at(instruction)) for w in instruction.words]
            if len(words) < 2 or any(is_open_text(word) for word in words):
                continue
            target = _absolute(words[-1], dockerfile.directory_at(instruction))
            for source in words[:-1]:
                into = words[-1].endswith("/") or words[-1] in (".", "..") or len(words) > 2
                yield source, posixpath.join(target, posixpath.basename(source)) if into else target


def find_in_context(dockerfile: Dockerfile, command: BuildCommand, path: str) -> str | None:
    """The file of the repository that the path in the command means, or None where nothing shows it."""
    path = expand_variables(path, dockerfile.variables_at(command.instruction))
    if is_open_text(path) or "://" in path:
        return None
    wanted = _absolute(path, command.directory)
    candidates: list[str] = []
    for source, target in copies(dockerfile, command):
        source = source.lstrip("/").rstrip("/") or "."
        if posixpath.basename(source) == posixpath.basename(path):
            candidates.append(source)
        elif "*" in source and posixpath.basename(source).partition("*")[0] and _fits(source, path):
            candidates.append(posixpath.join(posixpath.dirname(source), posixpath.basename(path)))
        for directory in (target, posixpath.dirname(target) if source == "." else target):
            if wanted.startswith(directory.rstrip("/") + "/"):
                candidates.append(posixpath.join(source, wanted[len(directory.rstrip("/")) + 1 :]))
        if not path.startswith("/"):
            candidates.append(posixpath.join(source, path))
    files = dockerfile.project.files
    for context in contexts(dockerfile):
        for candidate in candidates:
            found = posixpath.normpath(posixpath.join(context, candidate))
            if found in files:
                return found
    return None


def copies_project(dockerfile: Dockerfile, command: BuildCommand) -> bool:
    """Whether the project itself stands in the image, and not another one that the build has fetched."""
    beside = [c.statement.argv for c in dockerfile.commands if c.instruction is command.instruction]
    if any(argv[:2] == ("git", "clone") for argv in beside):
        return False
    names = ("pyproject.toml", "setup.py", "setup.cfg")
    return any(
        posixpath.normpath(source.lstrip("/")) == "." or posixpath.basename(source) in names
        for source, _ in copies(dockerfile, command)
    )


def _absolute(path: str, directory: str | None) -> str:
    """The path as the image knows it; without a known directory, from an unknown one that all such paths share."""
    return posixpath.normpath(posixpath.join(directory or "/…", path))


def _fits(pattern: str, path: str) -> bool:
    return posixpath.basename(path).startswith(posixpath.basename(pattern).partition("*")[0])

"""The tasks that a document's commands name: make targets, environments of tox, scripts of npm and their like."""

from __future__ import annotations

import difflib
import posixpath
import re
from collections.abc import Callable, Iterator

from repro_lint.api import Document, Project, Runner, TaskFile, Tasks, dataclass, lazy_pattern
from repro_lint_rules.running.tree import Tree
from repro_lint_rules.running.walkthrough import Step, is_placeholder

_TARGET = lazy_pattern(r"[A-Za-z0-9_][\w./-]*\Z")
_VERBAL = frozenset({"sure", "use", "it", "a", "the", "sense", "an", "your", "this", "changes", "install", "sure,"})
_ANY_PYTHON = lazy_pattern(r"(?:py|pypy|python)\d*(?:\.\d+)?\Z")
_NEARLY = 0.8
_PROGRAMS = frozenset(
    {"python", "pytest", "jupyter", "ruff", "black", "mypy", "tox", "nox", "make", "sphinx-build", "mkdocs"}
)
_RUN_WORDS: dict[str, Runner] = {
    "pixi run": "pixi",
    "poetry run": "poetry",
    "uv run": "uv",
    "pdm run": "pdm",
    "hatch run": "hatch",
}


@dataclass(frozen=True)
class MissingTask:
    """A task that no file defines; ``found``: the tasks with names like it, or the file that was read."""

    kind: str
    name: str
    found: tuple[str, ...]


def missing_tasks(step: Step, document: Document, project: Project) -> Iterator[MissingTask]:
    """The tasks of one command that are not defined; nothing where running the task file could define more."""
    argv = step.command.argv
    if step.directory is None:
        return
    reader = _READERS.get(argv[0])
    if reader is not None:
        yield from reader(argv[1:], step, document, project)
        return
    for wrapper, runner in _RUN_WORDS.items():
        if wrapper in step.command.wrappers and re.fullmatch(r"[a-z][\w:-]*", argv[0]):
            names = {name for file in _files(runner, step, document, project) for name in file.tasks}
            alike = difflib.get_close_matches(argv[0], names, 1, _NEARLY)
            if argv[0] not in names and alike and argv[0] not in _PROGRAMS:
                yield MissingTask(f"{runner} task", argv[0], tuple(alike))


def _files(runner: Runner, step: Step, document: Document, project: Project) -> tuple[TaskFile, ...]:
    """The task files that the command would read, from the first directory that has any."""
    tasks = project.fact(Tasks)
    for base in step.bases(document.path):
        if found := tasks.of(runner, base):
            return found
    return ()


def _absent(kind: str, name: str, files: tuple[TaskFile, ...]) -> Iterator[MissingTask]:
    if not files or not all(file.complete for file in files):
        return
    names = {task for file in files for task in file.tasks}
    if name not in names and not is_placeholder(name):
        alike = difflib.get_close_matches(name, names, 1, _NEARLY - 0.2)
        yield MissingTask(kind, name, tuple(alike))


def _make(rest: tuple[str, ...], step: Step, document: Document, project: Project) -> Iterator[MissingTask]:
    directory, targets = step.directory or "", []
    words = iter(rest)
    for word in words:
        if word in ("-f", "--file", "--makefile", "-I", "-o", "-W"):
            return
        if word in ("-C", "--directory"):
            directory = posixpath.normpath(posixpath.join(directory, next(words, "")))
        elif word == "-j" or word.startswith("-"):
            continue
        elif "=" not in word and not word.isdigit():
            targets.append(word)
    if any(word in _VERBAL - {"install"} or not _TARGET.match(word) for word in targets):
        return
    tree = project.fact(Tree)
    tasks = project.fact(Tasks)
    bases = step.bases(document.path) if directory == (step.directory or "") else (directory,)
    found = tuple(file for base in bases for file in tasks.of("make", base))
    if found:
        if not all(file.complete for file in found):
            return
        known = {name for file in found for name in file.tasks}
        for target in targets:
            built = any(
                tree.has(posixpath.join(base, target + s))
                for base in bases
                for s in ("", ".c", ".cpp", ".o", ".sh", ".f90")
            )
            if target not in known and not built and not is_placeholder(target):
                alike = difflib.get_close_matches(target, known, 1, _NEARLY - 0.2)
                yield MissingTask("make target", target, tuple(alike))


def _tox(rest: tuple[str, ...], step: Step, document: Document, project: Project) -> Iterator[MissingTask]:
    words = rest[1:] if rest[:1] in (("run",), ("r",)) else rest
    files = _files("tox", step, document, project)
    known = {name for file in files for name in file.tasks}
    factors = {factor for name in known for factor in name.split("-")}
    for at, word in enumerate(words):
        value = words[at + 1] if word == "-e" and at + 1 < len(words) else word[2:] if word.startswith("-e") else ""
        for name in value.split(","):
            parts = name.split("-")
            if name and not all(part in factors or _ANY_PYTHON.match(part) for part in parts):
                yield from _absent("tox environment", name, files)


def _nox(rest: tuple[str, ...], step: Step, document: Document, project: Project) -> Iterator[MissingTask]:
    files = _files("nox", step, document, project)
    naming = False
    for word in rest:
        if word in ("-s", "--session", "--sessions", "-e"):
            naming = True
        elif word.startswith("-"):
            naming = False
        elif naming:
            yield from _absent("nox session", re.sub(r"-[\d.]+\Z|\(.*", "", word), files)


def _npm(rest: tuple[str, ...], step: Step, document: Document, project: Project) -> Iterator[MissingTask]:
    if rest[:1] == ("run",) and len(rest) > 1 and not rest[1].startswith("-"):
        yield from _absent("npm script", rest[1], _files("npm", step, document, project))


def _dvc(rest: tuple[str, ...], step: Step, document: Document, project: Project) -> Iterator[MissingTask]:
    words = [word for word in rest if not word.startswith("-")]
    if words[:1] == ["repro"]:
        for word in words[1:]:
            if re.fullmatch(r"[\w-]+", word):
                yield from _absent("DVC stage", word, _files("dvc", step, document, project))


def _poe(rest: tuple[str, ...], step: Step, document: Document, project: Project) -> Iterator[MissingTask]:
    if rest[:1] and re.fullmatch(r"[\w:-]+", rest[0]) and not rest[0].startswith("-"):
        yield from _absent("poe task", rest[0], _files("poe", step, document, project))


_Reader = Callable[[tuple[str, ...], Step, Document, Project], Iterator[MissingTask]]
_READERS: dict[str, _Reader] = {
    "make": _make,
    "tox": _tox,
    "nox": _nox,
    "npm": _npm,
    "pnpm": _npm,
    "yarn": _npm,
    "dvc": _dvc,
    "poe": _poe,
}

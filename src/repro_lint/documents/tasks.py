"""The names under which a project keeps commands: make targets, tox environments, scripts of package managers."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

from repro_lint.documents.shell import ShellCommand, simple_commands
from repro_lint.facts import ProjectFact
from repro_lint.files import is_template
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.modules import read_text, read_toml
from repro_lint.sources.nodes import code_of
from repro_lint.sources.python import PythonSource
from repro_lint.sources.yaml_nodes import yaml_documents

if TYPE_CHECKING:
    from configparser import RawConfigParser

    from repro_lint.project import Project

Runner = Literal["make", "tox", "nox", "npm", "pixi", "poetry", "uv", "poe", "pdm", "hatch", "dvc"]

_TARGETS = lazy_pattern(r"(?P<names>[^\s#:=][^:=#]*?)\s*::?(?!=)(?P<rest>.*)\Z")
_COMPUTED = lazy_pattern(
    r"^\s*(?:-?include|sinclude)\s|\$\(eval|^define\s|^[^\t#:=]*%[^:=]*:|^\s*\$[({][^:=]*:(?!=)", re.M
)
_CONTINUED = lazy_pattern(r"\\\n[ \t]*")
_TESTENV = lazy_pattern(r"(?:tox:)?testenv:(.+)")
_BRACES = lazy_pattern(r"\{([^{}]*)\}")
_TASK_FILES = (
    "GNUmakefile",
    "makefile",
    "Makefile",
    "tox.ini",
    "setup.cfg",
    "noxfile.py",
    "package.json",
    "pixi.toml",
    "pyproject.toml",
    "dvc.yaml",
)


@dataclass(frozen=True)
class Task:
    """A named command: the shell lines it runs, in order, and the tasks that run before it."""

    name: str
    lines: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class TaskFile:
    """The tasks of one runner in one file. ``complete`` is false where running the file could define more."""

    path: str
    runner: Runner
    tasks: Mapping[str, Task]
    complete: bool = True

    @property
    def directory(self) -> str:
        """The directory of the file, "" for the root."""
        return self.path.rpartition("/")[0]

    def commands(self, name: str) -> Iterator[ShellCommand]:
        """The commands of a task, after those of the tasks that it needs; nothing for a name it does not know."""
        seen: set[str] = set()
        pending = [name]
        while pending:
            task = self.tasks.get(pending.pop())
            if task is None or task.name in seen:
                continue
            seen.add(task.name)
            pending += task.needs
            for line in task.lines:
                yield from simple_commands(line, 1)


class Tasks(ProjectFact):
    """Every file of the project that names tasks. A file is read when its directory is asked for."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self._read: dict[str, tuple[TaskFile, ...]] = {}

    @classmethod
    def compute(cls, project: Project) -> Tasks:
        """Nothing is read before it is asked for."""
        return cls(project)

    @cached_property
    def paths(self) -> tuple[str, ...]:
        """The files that may name tasks, by their names alone."""
        return tuple(path for path in self.project.files if path.rpartition("/")[2] in _TASK_FILES)

    def within(self, directory: str) -> tuple[TaskFile, ...]:
        """The task files of a directory."""
        if directory not in self._read:
            prefix = f"{directory}/" if directory else ""
            found: list[TaskFile] = []
            for name in _TASK_FILES:
                if prefix + name in self.project.files and not is_template(directory):
                    found += _read(self.project, prefix + name, name)
            self._read[directory] = tuple(found)
        return self._read[directory]

    def of(self, runner: Runner, directory: str) -> tuple[TaskFile, ...]:
        """What a runner started in the directory would read of it; make reads one file only."""
        found = tuple(file for file in self.within(directory) if file.runner == runner)
        return found[:1] if runner == "make" else found


def _read(project: Project, path: str, name: str) -> Iterator[TaskFile]:
    if name in ("GNUmakefile", "makefile", "Makefile"):
        yield read_makefile(path, read_text(project, path))
    elif name in ("tox.ini", "setup.cfg"):
        if (found := read_tox(path, read_text(project, path))) is not None:
            yield found
    elif name == "noxfile.py":
        if (source := project.load(PythonSource, path)) is not None:
            yield _read_nox(source)
    elif name == "package.json":
        yield read_npm(path, read_text(project, path))
    elif name == "dvc.yaml":
        yield read_dvc(path, read_text(project, path))
    else:
        yield from read_tables(path, read_toml(project, path))


def read_makefile(path: str, text: str) -> TaskFile:
    """The targets of a makefile; includes, patterns, ``define`` and computed names leave it incomplete."""
    tasks: dict[str, Task] = {}
    current: tuple[str, ...] = ()
    complete = not _COMPUTED.search(text)
    variables: dict[str, str] = {}
    for line in _CONTINUED.sub(" ", text.replace("\r\n", "\n")).split("\n"):
        if line.startswith("\t"):
            command = _substituted(line.strip().lstrip("@-+"), variables)
            for name in current:
                tasks[name] = Task(name, (*tasks[name].lines, command), tasks[name].needs)
        elif assigned := re.match(r"(?:export\s+|override\s+)?(\w+)\s*[:?+]?:?=\s*(.*)", line):
            variables[assigned[1]] = assigned[2]
        elif match := _TARGETS.match(line):
            needs, _, command = match["rest"].partition("#")[0].partition(";")
            current = tuple(match["names"].split())
            for name in current:
                known = tasks.get(name, Task(name))
                lines = (*known.lines, command.strip()) if command.strip() else known.lines
                tasks[name] = Task(name, lines, (*known.needs, *needs.replace("|", " ").split()))
    for name in tasks.pop(".PHONY", Task("")).needs:
        tasks.setdefault(name, Task(name))
    return TaskFile(path, "make", tasks, complete)


def _substituted(text: str, variables: Mapping[str, str]) -> str:
    return re.sub(r"\$[({](\w+)[)}]", lambda match: variables.get(match[1], match[0]), text)


def read_tox(path: str, text: str) -> TaskFile | None:
    """The environments of tox in an INI file, or None where it configures something else.

    Which names tox accepts besides depends on its version and on factors, so it is never complete unless all are
    listed and none is generated.
    """
    import configparser

    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    if not any(name in ("tox", "tox:tox", "testenv") or _TESTENV.match(name) for name in parser.sections()):
        return None
    tasks: dict[str, Task] = {}
    names: list[str] = []
    for section in ("tox", "tox:tox"):
        if parser.has_section(section):
            names += _expanded(parser.get(section, "envlist", fallback="") or "")
            names += _expanded(parser.get(section, "env_list", fallback="") or "")
    base = _ini_lines(parser, "testenv")
    for name in names:
        tasks[name] = Task(name, base)
    for section in parser.sections():
        if match := _TESTENV.match(section):
            for name in _expanded(match[1]):
                tasks[name] = Task(name, _ini_lines(parser, section) or base)
    tasks.setdefault("", Task("", base, tuple(names)))  # what tox runs without a name
    return TaskFile(path, "tox", tasks, complete="{" not in text.partition("[testenv")[0])


def _ini_lines(parser: RawConfigParser, section: str) -> tuple[str, ...]:
    if not parser.has_section(section):
        return ()
    text = parser.get(section, "commands", fallback="") or ""
    lines = [re.sub(r"^[\w{},!.-]+:\s+", "", line.strip()) for line in text.split("\n")]
    return tuple(line.lstrip("-! ") for line in lines if line)


def _expanded(text: str) -> list[str]:
    """The names of an environment list, ``py{310,311}-{a,b}`` written out."""
    found: list[str] = []
    for line in text.split("\n"):
        depth, word = 0, ""
        for character in f"{line.partition('#')[0]},":
            depth += (character == "{") - (character == "}")
            if depth <= 0 and (character == "," or character.isspace()):
                found += _braces(word) if word else []
                word = ""
            else:
                word += character
    return found


def _braces(word: str) -> list[str]:
    match = _BRACES.search(word)
    if match is None or len(word) > 200:
        return [word]
    parts = [part.strip() for part in match[1].split(",")]
    return [name for part in parts for name in _braces(word[: match.start()] + part + word[match.end() :])][:500]


def _read_nox(source: PythonSource) -> TaskFile:
    """The sessions of a noxfile; what a session runs is not known as shell lines."""
    tasks: dict[str, Task] = {}
    complete = not source.syntax_errors
    for statement in source.tree.body:
        if not isinstance(statement, (ast.FunctionDef, ast.AsyncFunctionDef)):
            complete &= isinstance(statement, (ast.Import, ast.ImportFrom, ast.Assign, ast.AnnAssign, ast.Expr))
            continue
        for decorator in statement.decorator_list:
            call = decorator if isinstance(decorator, ast.Call) else None
            if code_of(call.func if call else decorator).rpartition(".")[2] != "session":
                continue
            named = next((k.value for k in call.keywords if k.arg == "name"), None) if call else None
            if named is None:
                name = statement.name
            elif isinstance(named, ast.Constant) and isinstance(named.value, str):
                name = named.value
            else:
                complete = False
                continue
            tasks[name] = Task(name, tuple(_session_lines(statement)))
    return TaskFile(source.path, "nox", tasks, complete)


def _session_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    """The commands that ``session.run`` is given as constants."""
    for node in ast.walk(function):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "run":
            words = [a.value for a in node.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            if words:
                yield " ".join(words)


def read_npm(path: str, text: str) -> TaskFile:
    """The scripts of a package.json."""
    import json

    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return TaskFile(path, "npm", {}, complete=False)
    scripts = document.get("scripts") if isinstance(document, dict) else None
    return TaskFile(path, "npm", _tasks(scripts))


def read_dvc(path: str, text: str) -> TaskFile:
    """The stages of a dvc.yaml; those of a ``foreach`` or a ``matrix`` have further names."""
    tasks: dict[str, Task] = {}
    complete = True
    try:
        documents = yaml_documents(text)
    except ValueError:
        return TaskFile(path, "dvc", {}, complete=False)
    for root in documents[:1]:
        stages = _yaml(_yaml(root).get("stages"))
        for name, stage in stages.items():
            entry = _yaml(stage)
            complete &= "foreach" not in entry and "matrix" not in entry
            tasks[name] = Task(name, tuple(_yaml_strings(entry.get("cmd"))))
    return TaskFile(path, "dvc", tasks, complete)


def _yaml(node: Any) -> dict[str, Any]:
    value = getattr(node, "value", None)
    if getattr(node, "id", "") != "mapping" or not isinstance(value, list):
        return {}
    return {str(key.value): entry for key, entry in value if isinstance(key.value, str)}


def _yaml_strings(node: Any) -> Iterator[str]:
    value = getattr(node, "value", None)
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and getattr(node, "id", "") == "sequence":
        for entry in value:
            yield from _yaml_strings(entry)


def read_tables(path: str, document: Mapping[str, Any]) -> Iterator[TaskFile]:
    """The task tables of a pyproject.toml or a pixi.toml, one file for each runner that has any."""
    tool = _table(document, "tool")
    pixi = document if path.endswith("pixi.toml") else _table(tool, "pixi")
    found: dict[Runner, dict[str, Task]] = {}

    def add(runner: Runner, table: Any) -> None:
        if tasks := _tasks(table):
            found.setdefault(runner, {}).update(tasks)

    add("pixi", _table(pixi, "tasks"))
    for group in ("feature", "target"):
        for entry in _table(pixi, group).values():
            add("pixi", _table(entry, "tasks"))
            for target in _table(entry, "target").values():
                add("pixi", _table(target, "tasks"))
    add("poetry", _table(tool, "poetry", "scripts"))
    add("uv", _table(document, "project", "scripts"))
    add("poe", _table(tool, "poe", "tasks"))
    add("pdm", _table(tool, "pdm", "scripts"))
    for entry in _table(tool, "hatch", "envs").values():
        add("hatch", _table(entry, "scripts"))
    legacy = _table(tool, "tox").get("legacy_tox_ini")
    if isinstance(legacy, str) and (tox := read_tox(path, legacy)) is not None:
        yield tox
    elif environments := _table(tool, "tox", "env"):
        yield TaskFile(path, "tox", _tasks(environments), complete=False)
    for runner, tasks in found.items():
        yield TaskFile(path, runner, tasks)


def _table(document: Any, *keys: str) -> Mapping[str, Any]:
    for key in keys:
        document = document.get(key) if isinstance(document, dict) else None
    return document if isinstance(document, dict) else {}


_COMMAND_KEYS = ("cmd", "shell", "composite", "chain", "commands", "sequence")
_NEED_KEYS = ("depends-on", "depends_on", "deps")


def _tasks(table: Any) -> dict[str, Task]:
    """The tasks of a table: a command, a list of them, or a table with either."""
    tasks: dict[str, Task] = {}
    for name, value in table.items() if isinstance(table, dict) else ():
        entry = value if isinstance(value, dict) else {"cmd": value}
        lines = [line for key in _COMMAND_KEYS for line in _lines(entry.get(key))]
        needs = [word for key in _NEED_KEYS for word in _lines(entry.get(key))]
        tasks[str(name)] = Task(str(name), tuple(lines), tuple(needs))
    return tasks


def _lines(value: Any) -> Iterable[str]:
    if isinstance(value, str):
        return (value,)
    if isinstance(value, list):
        return tuple(" ".join(map(str, v)) if isinstance(v, list) else v for v in value if isinstance(v, (str, list)))
    return ()

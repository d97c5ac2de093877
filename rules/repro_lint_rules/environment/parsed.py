"""Manifests and locks as documents, each parsed once, or where and why they cannot be."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from repro_lint.api import Project, ProjectFact, dataclass, lazy_pattern, read_text

_AT = lazy_pattern(r"(?P<what>.*?)\s*\(at (?:line (?P<line>\d+), column \d+|end of document)\)", re.S)
_CONFLICT = lazy_pattern(r"^(?:<{7}|>{7})(?: |\r?$)", re.M)
_DEEPEST = 200
_PACKAGE = "\n[[package]]\n"
_OWN = lazy_pattern(r"^source = \{ (?:editable|virtual|directory) = ", re.M)


@dataclass(frozen=True)
class Fault:
    """Why a text cannot be parsed, and the line at which that shows."""

    message: str
    line: int


class Documents(ProjectFact):
    """The documents that were asked for."""

    def __init__(self, project: Project) -> None:
        self._project = project
        self._read: dict[str, Mapping[str, Any] | Fault] = {}

    @classmethod
    def compute(cls, project: Project) -> Documents:
        """Nothing is read before it is asked for."""
        return cls(project)

    def read(self, path: str) -> Mapping[str, Any] | Fault:
        """The content of a TOML file, of a Pipfile, or of a lock in JSON; empty where it is no table.

        Of a uv.lock it is what is about the project itself.
        """
        if path not in self._read:
            text = read_text(self._project, path).removeprefix("\ufeff")
            if path.endswith("uv.lock"):
                text = _of_the_project(text)
            self._read[path] = _parse_json(text) if path.endswith("Pipfile.lock") else _parse_toml(text)
        return self._read[path]


def conflict_in(project: Project, path: str) -> Fault | None:
    """The first mark that git has left of a conflict in the file."""
    try:
        data = project.files[path].data
    except OSError:
        return None
    if b"<<<<<<<" not in data and b">>>>>>>" not in data:
        return None
    text = read_text(project, path)
    found = _CONFLICT.search(text)
    return Fault("it holds the marks of a merge conflict", text.count("\n", 0, found.start()) + 1) if found else None


def yaml_fault(text: str) -> Fault | None:
    """Why the text is not YAML, or is nested more deeply than anybody reads it, or None."""
    import yaml

    depth = 0
    try:
        for event in yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
            depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
            if depth > _DEEPEST:
                return Fault("it is nested too deeply", event.start_mark.line + 1 if event.start_mark else 1)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        return Fault(error.problem or "it is not valid YAML", mark.line + 1 if mark else 1)
    except yaml.YAMLError as error:
        return Fault(str(error).split("\n", 1)[0], 1)
    return None


def _of_the_project(text: str) -> str:
    """What a uv.lock holds about the project itself: a few lines of the megabytes that are about all others."""
    head, *packages = text.split(_PACKAGE)
    return _PACKAGE.join([head, *(package for package in packages if _OWN.search(package))])


def _parse_toml(text: str) -> Mapping[str, Any] | Fault:
    import tomli

    try:
        return tomli.loads(text)
    except tomli.TOMLDecodeError as error:
        found = _AT.fullmatch(str(error))
        if found is None:
            return Fault(str(error), 1)
        return Fault(found["what"], int(found["line"] or text.count("\n") + 1))
    except (RecursionError, ValueError) as error:
        return Fault(str(error), 1)


def _parse_json(text: str) -> Mapping[str, Any] | Fault:
    try:
        found = json.loads(text)
    except json.JSONDecodeError as error:
        return Fault(error.msg, error.lineno)
    except (RecursionError, ValueError) as error:
        return Fault(str(error), 1)
    return found if isinstance(found, dict) else {}

"""The versions of Python with which jobs of CI (GitHub, GitLab, Travis) install the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from repro_lint.api import Project, dataclass, lazy_pattern, read_text, yaml_documents

_WORKFLOW = lazy_pattern(r"\.github/workflows/[^/]+\.ya?ml")
_VERSION = lazy_pattern(r"(?:(?:.*/)?python:)?(\d+\.\d+(?:\.\d+)?)(?:-[\w.-]+)?")
# Commands that refuse a project whose requires-python excludes the Python that runs them.
_INSTALLS = lazy_pattern(
    r"\bpip3?\s+install\s+(?:-{1,2}[\w-]+\s+)*[\"']?\.(?:\[[\w,\s-]*\])?[\"']?(?=\s|$)"
    r"|^\s*(?:poetry|pdm)\s+install\b|\bsetup\.py\s+(?:install|develop)\b",
    re.M,
)
# uv looks for a Python that the project admits.
_ELSEWHERE = lazy_pattern(
    r"^\s*cd\s|\buv\s+(?:venv|sync|run|python)\b|working-directory|python_requires|ignore-requires-python|continue-on-error",
    re.M,
)


@dataclass(frozen=True)
class JobPython:
    """A version that a job names, and the line on which it does."""

    path: str
    line: int
    version: str


def installing_jobs(project: Project) -> Iterator[JobPython]:
    """The versions with which jobs install what is at the root.

    Nothing for jobs that change the directory, may fail, or leave steps out under a condition.
    """
    for path in project.files:
        if not (_WORKFLOW.fullmatch(path) or path in (".gitlab-ci.yml", ".travis.yml")):
            continue
        try:
            documents = yaml_documents(read_text(project, path))
        except ValueError:
            continue
        document = documents[0] if documents else None
        top = dict(_items(document))
        if path == ".travis.yml":
            jobs = [_Job([n for _, n in _scalars(top.get("python"))], _texts(top, "install", "script"), document)]
        elif path == ".gitlab-ci.yml":
            jobs = [_of_gitlab(top, job) for _, job in _items(document)]
        else:
            jobs = [_of_github(job) for _, job in _items(top.get("jobs"))]
        for job in jobs:
            if any(_INSTALLS.search(command) for command in job.commands) and not job.is_special:
                for node in job.versions:
                    if version := _VERSION.fullmatch(node.value):
                        yield JobPython(path, node.start_mark.line + 1, version[1])


@dataclass(frozen=True)
class _Job:
    """The nodes that name versions, the commands, and the whole."""

    versions: list[Any]
    commands: list[str]
    node: Any

    @property
    def is_special(self) -> bool:
        return any(_ELSEWHERE.search(f"{key}\n{node.value}") for key, node in _scalars(self.node))


def _of_github(job: Any) -> _Job:
    steps = getattr(dict(_items(job)).get("steps"), "value", None)
    found = [dict(_items(step)) for step in (steps if isinstance(steps, list) else [])]
    commands = [text for step in found if "if" not in step for text in _texts(step, "run")]
    return _Job([node for key, node in _scalars(job) if "python" in key], commands, job)


def _of_gitlab(top: dict[str, Any], job: Any) -> _Job:
    """The job runs in its own image, or in that of all."""
    keys = dict(_items(job))
    image = keys.get("image") or top.get("image") or dict(_items(top.get("default"))).get("image")
    versions = [node for key, node in _scalars(image) if key in ("", "name")]
    return _Job(versions, _texts(keys, "script"), job)


def _texts(keys: dict[str, Any], *names: str) -> list[str]:
    return [node.value for name in names for _, node in _scalars(keys.get(name))]


def _items(node: Any) -> list[tuple[str, Any]]:
    """The items of a mapping; none of anything else."""
    import yaml

    return [(str(key.value), value) for key, value in node.value] if isinstance(node, yaml.MappingNode) else []


def _scalars(node: Any, key: str = "") -> Iterator[tuple[str, Any]]:
    """All scalars inside, each with the nearest key above it."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        yield key, node
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _scalars(item, key)
    else:
        for name, value in _items(node):
            if name != "exclude":  # of a matrix
                yield from _scalars(value, name)

"""The versions of Python with which jobs of GitHub's workflows install the project."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from repro_lint.api import Project, lazy_pattern, read_text, yaml_documents

_WORKFLOW = lazy_pattern(r"\.github/workflows/[^/]+\.ya?ml")
_VERSION = lazy_pattern(r"\d+\.\d+(?:\.\d+)?")
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
        if not _WORKFLOW.fullmatch(path):
            continue
        try:
            documents = yaml_documents(read_text(project, path))
        except ValueError:
            continue
        for document in documents[:1]:
            for _, job in _items(dict(_items(document)).get("jobs")):
                yield from _of_job(path, job)


def _of_job(path: str, job: Any) -> Iterator[JobPython]:
    steps = getattr(dict(_items(job)).get("steps"), "value", None)
    if not isinstance(steps, list):
        return
    words = [str(key) + " " + node.value for key, node in _scalars(job)]
    commands = [
        command.value
        for step in (dict(_items(step)) for step in steps)
        if (command := step.get("run")) and isinstance(command.value, str) and "if" not in step
    ]
    if not any(_INSTALLS.search(command) for command in commands) or any(_ELSEWHERE.search(word) for word in words):
        return
    for key, node in _scalars(job):
        if "python" in key and _VERSION.fullmatch(node.value):
            yield JobPython(path, node.start_mark.line + 1, node.value)


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

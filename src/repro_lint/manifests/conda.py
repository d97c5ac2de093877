"""environment.yml: conda's format, with a pip section perhaps."""

from __future__ import annotations

import posixpath
from typing import Any

from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.model import Directive, Manifest, Requirement, canonical
from repro_lint.manifests.requirements import located, parse_entry
from repro_lint.sources.text import decode
from repro_lint.sources.yaml_nodes import yaml_documents

_SPEC = lazy_pattern(r"(?:[\w./:-]+::)?(?P<name>[A-Za-z0-9_][\w.-]*)\s*(?:\[[^\]]*\])?\s*(?P<rest>.*)$")
# One equals sign is fuzzy in conda's match specifications (1.2 admits 1.2.9), but three parts name a release.
_EXACT = lazy_pattern(r"\s*(?:={1,2}\s*\d+(?:\.\w+){2,}|==\s*[\w.]+|=\s*[\w.!+-]+=\S+)\s*$")
_NOT_PACKAGES = ("python", "pip", "r-base")


def parse_conda(path: str, data: bytes) -> Manifest | None:
    """The manifest in a conda environment file, or None for YAML that is something else.

    The format: https://docs.conda.io/projects/conda/en/stable/user-guide/tasks/manage-environments.html
    """
    import yaml

    try:
        documents = yaml_documents(decode(data).text)
    except ValueError as error:
        return Manifest(path, "conda", problem=f"is not valid YAML: {error}")
    node = documents[0] if documents else None
    entries = _child(node, "dependencies")
    if not isinstance(entries, yaml.SequenceNode):
        return None
    found: list[Requirement] = []
    directives: list[Directive] = []
    python: Requirement | None = None
    for entry in entries.value:
        line = entry.start_mark.line + 1
        if isinstance(entry, yaml.ScalarNode):
            requirement = conda_requirement(entry.value, line)
            if requirement and requirement.name == "python":
                python = python or requirement
            elif requirement and requirement.name not in _NOT_PACKAGES:
                found.append(requirement)
        elif isinstance(pip := _child(entry, "pip"), yaml.SequenceNode):
            for item in pip.value:
                if not isinstance(item, yaml.ScalarNode):
                    continue
                for part in parse_entry(item.value, item.start_mark.line + 1):
                    if isinstance(part, Requirement):
                        found.append(part)
                    else:
                        directives.append(located(part, posixpath.dirname(path)))
    prefix = _child(node, "prefix")
    if isinstance(prefix, yaml.ScalarNode):
        directives.append(Directive("prefix", prefix.value, prefix.start_mark.line + 1))
    first = entries.start_mark.line + 1
    return Manifest(path, "conda", tuple(found), first, directives=tuple(directives), python=python)


def conda_requirement(text: str, line: int | None, scope: str = "") -> Requirement | None:
    """The requirement in a match specification such as ``conda-forge::numpy=1.2``, or None for other text."""
    match = _SPEC.match(text.strip())
    if not match:
        return None
    rest = match["rest"].strip()
    exact = bool(_EXACT.fullmatch(match["rest"]))
    return Requirement(canonical(match["name"]), line, exact, scope, rest, written=match["name"], conda=True)


def _child(node: Any, key: str) -> Any:
    """The value of a key in a YAML mapping, or None."""
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)

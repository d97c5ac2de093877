"""environment.yml: conda's format, with a pip section perhaps."""

from __future__ import annotations

import re
from typing import Any

from repro_lint.lazy import lazy_pattern
from repro_lint.manifests.model import Manifest, Requirement, canonical, is_pinned
from repro_lint.sources.text import decode
from repro_lint.sources.yaml_nodes import yaml_documents

_SPEC = lazy_pattern(r"(?:[\w./-]+::)?(?P<name>[A-Za-z0-9_][\w.-]*)\s*(?P<rest>.*)$")
# One equals sign is fuzzy in conda's match specifications (1.2 admits 1.2.9), but three parts name a release.
_EXACT = lazy_pattern(r"\s*(?:={1,2}\s*\d+(?:\.\w+){2,}|==\s*[\w.]+|=\s*[\w.!+-]+=\S+)\s*$")


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
    for entry in entries.value:
        if isinstance(entry, yaml.ScalarNode):
            found += _spec(entry.value, entry.start_mark.line + 1)
        elif isinstance(pip := _child(entry, "pip"), yaml.SequenceNode):
            found += [
                r for e in pip.value if isinstance(e, yaml.ScalarNode) for r in _pip(e.value, e.start_mark.line + 1)
            ]
    return Manifest(path, "conda", tuple(found), entries.start_mark.line + 1)


def _child(node: Any, key: str) -> Any:
    """The value of a key in a YAML mapping, or None."""
    import yaml

    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for name, value in node.value if name.value == key), None)


def _spec(text: str, line: int) -> list[Requirement]:
    match = _SPEC.match(text.strip())
    if not match or match["name"].lower() in ("python", "pip", "r-base"):
        return []
    return [Requirement(canonical(match["name"]), line, bool(_EXACT.fullmatch(match["rest"])))]


def _pip(text: str, line: int) -> list[Requirement]:
    match = re.match(r"([A-Za-z0-9][\w.-]*)(?:\[[^\]]*\])?\s*(.*)$", text.strip())
    if not match or text.lstrip().startswith(("-", ".")):
        return []
    return [Requirement(canonical(match[1]), line, is_pinned(match[2].lstrip("@ ")))]

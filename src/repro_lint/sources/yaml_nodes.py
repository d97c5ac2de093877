"""YAML as a tree of nodes with their places."""

from __future__ import annotations

from typing import Any

_DEEPEST = 200
_OPENERS = ("[", "{", "- ", "? ")


def yaml_documents(text: str) -> list[Any]:
    """The root node of each document (``yaml.Node``, or None for an empty one). Raises ``ValueError`` for other text.

    The message is one line. Nesting is measured before the tree is made: libyaml's composer calls itself for each
    level, and a hundred thousand brackets would end the process.
    """
    import yaml

    loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        if any(text.count(opener) > _DEEPEST for opener in _OPENERS) and _is_too_deep(text, loader):
            raise ValueError("it is nested too deeply")
        return list(yaml.compose_all(text, Loader=loader))
    except (yaml.YAMLError, RecursionError) as error:
        raise ValueError(str(error).split("\n", 1)[0]) from error


def _is_too_deep(text: str, loader: Any) -> bool:
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                return True
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return False

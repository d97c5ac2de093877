"""The tables against the releases that are installed here: what they lack is not there."""

from __future__ import annotations

import importlib
import inspect
import warnings
from importlib import metadata
from typing import Any

import pytest

from repro_lint_rules.environment.removals import library, parsed

_ALLOWED = 0.01
"""Wrong entries among those that can be checked: decorators that add parameters are not seen through."""


def _find(path: str) -> Any:
    parts = path.split(".")
    for end in range(len(parts), 0, -1):
        try:
            found = importlib.import_module(".".join(parts[:end]))
        except ImportError:
            continue
        for part in parts[end:]:
            found = getattr(found, part)
        return found
    raise ImportError(path)


def _has(container: str, name: str) -> bool:
    """Whether the installed release has the name. Raises where that cannot be told."""
    if container.endswith("()"):
        parameters = inspect.signature(_find(container[:-2])).parameters.values()
        return any(p.kind is p.VAR_KEYWORD or (p.name == name and p.kind is not p.POSITIONAL_ONLY) for p in parameters)
    owner = _find(container)
    try:
        getattr(owner, name)
    except (AttributeError, ImportError):
        return False
    return True


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("package", ["numpy", "pandas", "scipy", "sklearn", "IPython"])
def test_what_is_lacking_is_not_there(package: str) -> None:
    pytest.importorskip(package)
    table = library(package)
    release = parsed(metadata.version(table.distribution))
    if release > table.releases[-1].minor:
        pytest.skip("a later release than the table knows")
    checked, wrong = 0, []
    for container in table.containers:
        for name, history in table.entries(container).items():
            if not history.lacks(release):
                continue
            try:
                with warnings.catch_warnings():
                    warnings.simplefilter("ignore")
                    there = _has(container, name)
            except Exception:  # a container that is gone, too, or has no signature
                continue
            checked += 1
            if there:
                wrong.append(f"{container} {name}")
    assert checked > 50
    assert len(wrong) <= checked * _ALLOWED, wrong

"""The tables against the releases that are installed here: what they lack is not there."""

from __future__ import annotations

import importlib
import inspect
import warnings
from importlib import metadata
from typing import Any

import pytest

from repro_lint_rules.environment.removals import library, packages, parsed

_REFUSING = {
    *(f"statsmodels.tsa.arima_model.{name}" for name in ("ARIMA", "ARMA", "ARIMAResults", "ARMAResults")),
    *(f"torch.{name}" for name in ("solve", "eig", "lstsq", "matrix_rank", "symeig")),
}
"""What is still there and only raises an error."""
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
        found = _find(container[:-2])
        # Functions of NetworkX that a backend may replace take anything by their signature, and refuse it.
        parameters = inspect.signature(getattr(found, "orig_func", found)).parameters.values()
        return any(p.kind is p.VAR_KEYWORD or (p.name == name and p.kind is not p.POSITIONAL_ONLY) for p in parameters)
    owner = _find(container)
    try:
        found = getattr(owner, name)
    except (AttributeError, ImportError):
        return False
    return f"{container}.{name}" not in _REFUSING or not _refuses(found)


def _refuses(found: Any) -> bool:
    try:
        found(None, None)
    except (NotImplementedError, RuntimeError):
        return True
    return False


@pytest.mark.untraced
@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("package", sorted(packages()))
def test_what_is_lacking_is_not_there(package: str) -> None:
    pytest.importorskip(package, exc_type=ImportError)
    table = library(package)
    try:
        release = parsed(metadata.version(table.distribution))
    except metadata.PackageNotFoundError:
        pytest.skip("it comes from another distribution")
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
    assert checked
    assert len(wrong) <= checked * _ALLOWED, wrong

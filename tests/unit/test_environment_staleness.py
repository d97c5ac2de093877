"""Locks against their manifests. The hashes of Poetry, PDM and Pipenv were computed by these tools themselves."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from repro_lint_rules.environment.staleness import (
    UndecidableError,
    pdm_difference,
    pipenv_difference,
    poetry_difference,
    uv_difference,
)

POETRY_1 = """
[tool.poetry]
name = "churn"
version = "0.1.0"
description = ""
authors = []
package-mode = false

[tool.poetry.dependencies]
python = "^3.10"
six = "^1.16"

[tool.poetry.group.dev.dependencies]
iniconfig = "*"
"""
POETRY_2 = """
[project]
name = "churn"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["six>=1.16"]

[project.optional-dependencies]
plot = ["iniconfig"]

[dependency-groups]
dev = ["toml"]

[tool.poetry]
package-mode = false
"""
PDM = """
[project]
name = "churn"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["six>=1.16"]

[dependency-groups]
dev = ["iniconfig"]

[tool.pdm]
distribution = false
"""
# Pipenv's hash covers the address of the index that it writes by itself.
INDEX = "/".join(["https:", "", "pypi" + ".org", "simple"])
PIPENV = f"""
[[source]]
url = "{INDEX}"
verify_ssl = true
name = "pypi"

[packages]
six = ">=1.16"

[dev-packages]
iniconfig = "*"

[requires]
python_version = "3.11"
"""
UV = """
[project]
name = "Churn_Model"
version = "0.1.0"
requires-python = ">=3.10"
dependencies = ["six>=1.16", "tidy"]

[project.optional-dependencies]
plot = ["matplotlib"]

[dependency-groups]
dev = ["pytest", {include-group = "lint"}]
lint = ["ruff>=0.8"]

[tool.uv.sources]
tidy = {git = "https://git.example.org/tidy"}
"""
UV_LOCK = """
version = 1
requires-python = ">=3.10"

[[package]]
name = "churn-model"
source = { editable = "." }

[package.metadata]
requires-dist = [
    { name = "matplotlib", marker = "extra == 'plot'" },
    { name = "six", specifier = ">=1.16" },
    { name = "tidy", git = "https://git.example.org/tidy" },
]

[package.metadata.requires-dev]
dev = [{ name = "pytest" }, { name = "ruff", specifier = ">=0.8" }]
lint = [{ name = "ruff", specifier = ">=0.8" }]
"""
PACKAGES = [{"name": name, "version": "1.17.0"} for name in ("six", "iniconfig", "toml")]
PIPENV_LOCK = {
    "_meta": {"hash": {"sha256": "03ea873799507906b027b89bd5f56c9f5d2c76b58dd6d1920e332ac700a5fde7"}},
    "default": {"six": {"version": "==1.17.0"}},
    "develop": {"iniconfig": {"version": "==2.1.0"}},
}


def poetry_lock(digest: str) -> dict[str, Any]:
    return {"package": PACKAGES, "metadata": {"content-hash": digest}}


def pdm_lock(digest: str) -> dict[str, Any]:
    return {"package": PACKAGES, "metadata": {"content_hash": f"sha256:{digest}", "groups": ["default", "dev"]}}


Compare = Callable[[Any, Any], "str | None"]
FRESH: list[tuple[Compare, str, dict[str, Any]]] = [
    (
        poetry_difference,
        POETRY_1,
        poetry_lock("d3a7f7eb9cbbb48144c0d62d7101b0bf3377e05358c1fcc90c3f0da82423c99c"),
    ),
    (
        poetry_difference,
        POETRY_2,
        poetry_lock("9cf78440c46871aa881b27784d94408984b3a978401e8273cc9118997380b782"),
    ),
    (pdm_difference, PDM, pdm_lock("f7e151fd86e1ffda04cd787e3d73e445f7a6bdd55488ceffef2494d751d14728")),
    (pipenv_difference, PIPENV, PIPENV_LOCK),
    (uv_difference, UV, tomli.loads(UV_LOCK)),
]
NAMES = ["poetry 1", "poetry 2", "pdm", "pipenv", "uv"]


@pytest.mark.parametrize(("compare", "manifest", "lock"), FRESH, ids=NAMES)
def test_a_fresh_lock(compare: Compare, manifest: str, lock: dict[str, Any]) -> None:
    assert compare(tomli.loads(manifest), lock) is None


def requirements_of(document: dict[str, Any]) -> Any:
    """The table or array of what the project requires, wherever the tool keeps it."""
    if "packages" in document:
        return document["packages"]
    if "dependencies" in document.get("project", {}):
        return document["project"]["dependencies"]
    return document["tool"]["poetry"]["dependencies"]


@given(st.sampled_from(FRESH), st.from_regex(r"[a-z]{8,12}", fullmatch=True))
def test_a_requirement_that_is_added_makes_every_lock_stale(
    fresh: tuple[Compare, str, dict[str, Any]], name: str
) -> None:
    compare, text, lock = fresh
    manifest = tomli.loads(text)
    required = requirements_of(manifest)
    if isinstance(required, list):
        required.append(name)
    else:
        required[name] = "*"
    assert compare(manifest, lock) == f"{name} is required, and not in the lock"


@pytest.mark.parametrize(("compare", "manifest", "lock"), FRESH, ids=NAMES)
def test_another_specifier(compare: Compare, manifest: str, lock: dict[str, Any]) -> None:
    """PDM's hash depends on its version, so that nothing can be said without a name that is missing."""
    changed = tomli.loads(manifest.replace("1.16", "1.17"))
    if compare is pdm_difference:
        with pytest.raises(UndecidableError, match="hash"):
            compare(changed, lock)
    else:
        assert compare(changed, lock)


@pytest.mark.parametrize(
    ("old", "new", "difference"),
    [
        ('"six>=1.16", ', "", "six is locked as required, and no longer in the manifest"),
        (">=1.16", ">=1.17", "six is required as `>=1.17`, and locked as `>=1.16`"),
        ("ruff>=0.8", "ruff>=0.9", "ruff is required as `>=0.9`, and locked as `>=0.8`, in the group dev"),
        ('python = ">=3.10"', 'python = ">=3.12"', "requires-python is `>=3.12`, and was `>=3.10` when it was locked"),
        ('"tidy"', '"tidy>=2"', None),
        ("six>=1.16", "SIX >= 1.16.0", None),
        ('python = ">=3.10"', 'python = "~=3.10"', "requires-python is `~=3.10`, and was `>=3.10` when it was locked"),
        (
            'python = ">=3.10"',
            'python = "^3.10,>3"',
            "requires-python is `^3.10,>3`, and was `>=3.10` when it was locked",
        ),
        ('python = ">=3.10"', 'python = ">=3.10.0"', None),
        ('python = ">=3.10"', 'python = ">=3.10,!=3.11.2"', None),
    ],
)
def test_uv(old: str, new: str, difference: str | None) -> None:
    assert old in UV
    assert uv_difference(tomli.loads(UV.replace(old, new)), tomli.loads(UV_LOCK)) == difference


@pytest.mark.parametrize(
    ("compare", "manifest", "lock"),
    [
        (uv_difference, "[project]\nname = 'other'\n", tomli.loads(UV_LOCK)),
        (uv_difference, "[project]\nname = 'churn-model'\ndynamic = ['dependencies']\n", tomli.loads(UV_LOCK)),
        (uv_difference, "[project]\nname = 'churn-model'\ndependencies = ['?']\n", tomli.loads(UV_LOCK)),
        (poetry_difference, POETRY_1, {}),
        (pipenv_difference, PIPENV, {}),
        (pdm_difference, PDM.replace("[project]", "[project]\ndynamic = ['dependencies']"), pdm_lock("0")),
    ],
)
def test_what_cannot_be_decided(compare: Compare, manifest: str, lock: dict[str, Any]) -> None:
    with pytest.raises(UndecidableError):
        compare(tomli.loads(manifest), lock)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["project", "tool", "package", "metadata", "dependency-groups", "packages", "_meta", "default", "source"]


@given(st.sampled_from(FRESH), st.sampled_from(KEYS), JSON, st.booleans())
def test_values_of_the_wrong_kind_raise_nothing_else(
    fresh: tuple[Compare, str, dict[str, Any]], key: str, value: Any, in_lock: bool
) -> None:
    compare, text, lock = fresh
    manifest, held = tomli.loads(text), copy.deepcopy(lock)
    (held if in_lock else manifest)[key] = value
    try:
        difference = compare(manifest, held)
    except UndecidableError:
        return
    assert difference is None or difference

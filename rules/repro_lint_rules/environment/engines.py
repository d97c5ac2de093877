"""Calls of pandas that need a package which pandas does not bring, and which of them are declared."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from repro_lint.api import Environment, Project, ProjectFact, PythonSource, canonical_name, dataclass
from repro_lint_rules.environment.declared import Declared

# What a list that was frozen from an environment has beside pandas: pandas cannot be without it.
_BESIDE_PANDAS = frozenset({"numpy", "python-dateutil"})


@dataclass(frozen=True)
class EngineUse:
    """A call, and the alternatives that it needs: each is one or more distributions.

    ``certain``: what is called is pandas' own, and not only a method of that name.
    """

    node: ast.Call
    shown: str
    needs: tuple[frozenset[str], ...]
    certain: bool


@dataclass(frozen=True)
class Installed(ProjectFact):
    """What the project's manifests install. ``complete``: they list everything, as a freeze or a lock does."""

    distributions: frozenset[str]
    complete: bool
    uncertain: bool

    @classmethod
    def compute(cls, project: Project) -> Installed:
        """Gather what is declared, locked, or installed by a file of the project."""
        declared = project.fact(Declared)
        manifests = [m for m in project.fact(Environment).manifests if "pandas" in {r.name for r in m.requirements}]
        frozen = all(m.pinned and {r.name for r in m.requirements} >= _BESIDE_PANDAS for m in manifests)
        locked = "pandas" in declared.locked
        direct = declared.distributions | declared.locked | declared.installed_elsewhere
        carried = {name for name, carriers in _table()["carriers"].items() if not direct.isdisjoint(carriers.split())}
        extras = {extra for m in manifests for r in m.requirements if r.name == "pandas" for extra in r.extras}
        return cls(
            direct | declared.brought | carried,
            complete=locked or (bool(manifests) and frozen),
            uncertain=bool(declared.uncertain or extras or not (manifests or locked)),
        )


def engine_uses(source: PythonSource) -> Iterator[EngineUse]:
    """The calls that need more than pandas, in document order."""
    table = _table()
    functions: Mapping[str, str] = table["functions"]
    for call in source.semantics.calls:
        key = functions.get(call.name or "")
        certain = key is not None
        if key is None and isinstance(call.node.func, ast.Attribute) and call.name not in functions:
            key = table["methods"].get(call.node.func.attr)
        if key is None:
            continue
        engine = call.argument(None, "engine")
        needs = table["needs"][key]
        if engine is not None:
            written = source.semantics.constant(engine)
            if not isinstance(written, str) or written == "auto":
                continue
            needs = [table["engines"].get(written, canonical_name(written))]
        elif key == "excel":
            needs = table["needs-by-ending"].get(_ending(source, call.argument(0, "io")), needs)
        shown = ast.unparse(call.node.func) if certain else f".{call.method}()"
        yield EngineUse(call.node, shown, tuple(frozenset(one.split()) for one in needs), certain)


def _ending(source: PythonSource, path: ast.expr | None) -> str:
    written = source.semantics.constant(path)
    return posixpath.splitext(urlsplit(written).path)[1].lower() if isinstance(written, str) else ""


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    import tomli

    return tomli.loads((Path(__file__).parent / "engines.toml").read_text(encoding="utf-8"))

"""Calls of pandas that need a package which pandas does not bring, and which of them are declared."""

from __future__ import annotations

import ast
import posixpath
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from repro_lint.api import Manifest, Project, ProjectFact, PythonSource, canonical_name, code_of, dataclass
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
    """What all manifests, locks and other files of the project install, and what comes along.

    ``frozen`` are the manifests that list everything, as a list taken from an installed environment does; None where
    there is a lock, which covers all.
    """

    distributions: frozenset[str]
    frozen: frozenset[str] | None
    uncertain: bool

    @classmethod
    def compute(cls, project: Project) -> Installed:
        """Gather what is declared, locked, or installed by a file of the project."""
        declared = project.fact(Declared)
        direct = declared.distributions | declared.locked | declared.installed_elsewhere
        carried = {name for name, carriers in _table()["carriers"].items() if not direct.isdisjoint(carriers.split())}
        frozen = (m.path for m in declared.manifests if m.pinned and {r.name for r in m.requirements} >= _BESIDE_PANDAS)
        return cls(
            direct | declared.brought | carried,
            None if "pandas" in declared.locked else frozenset(frozen),
            uncertain=bool(declared.uncertain)
            or any(r.name == "pandas" and r.extras for m in declared.manifests for r in m.requirements),
        )


def installs_pandas(manifest: Manifest) -> bool:
    """Whether the manifest asks for pandas itself."""
    return any(requirement.name == "pandas" for requirement in manifest.requirements)


def engine_uses(source: PythonSource) -> Iterator[EngineUse]:
    """The calls that need more than pandas, in document order; those in a ``try`` may do without."""
    table = _table()
    functions: Mapping[str, str] = table["functions"]
    for call in source.semantics.calls:
        key = functions.get(call.name or "")
        certain = key is not None
        if key is None and isinstance(call.node.func, ast.Attribute) and call.name not in functions:
            key = table["methods"].get(call.node.func.attr)
        if key is None or any(guard.kind == "try" for guard in source.semantics.guards(call.node)):
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
        shown = code_of(call.node.func) if certain else f".{call.method}()"
        yield EngineUse(call.node, shown, tuple(frozenset(one.split()) for one in needs), certain)


def _ending(source: PythonSource, path: ast.expr | None) -> str:
    written = source.semantics.constant(path)
    return posixpath.splitext(urlsplit(written).path)[1].lower() if isinstance(written, str) else ""


@lru_cache(maxsize=1)
def _table() -> dict[str, Any]:
    import tomli

    return tomli.loads((Path(__file__).parent / "engines.toml").read_text(encoding="utf-8"))

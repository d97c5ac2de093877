"""Models and data sets that a program fetches from a hub by name, without saying which version."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import PythonSource, dataclass, last_name

_LOCAL = frozenset({"local_files_only"})


@dataclass(frozen=True)
class HubCall:
    """How one call is told what to fetch, and in which version; the fields are those of ``hub_models.toml``."""

    position: int
    keywords: tuple[str, ...]
    revision: tuple[str, ...]
    packages: tuple[str, ...]
    kind: str
    example: str
    only: re.Pattern[str]
    pinned: re.Pattern[str] | None

    def name(self, call: ast.Call) -> ast.expr | None:
        """The expression that names what is fetched, unless the call also says the version or stays at home."""
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        if None in keywords or not (_LOCAL | {*self.revision}).isdisjoint(keywords):
            return None
        source = keywords.get("source")
        if isinstance(source, ast.Constant) and source.value == "local":
            return None
        if self.position < len(call.args) and not any(isinstance(arg, ast.Starred) for arg in call.args):
            return call.args[self.position]
        return next((keywords[name] for name in self.keywords if name in keywords), None)

    def floats(self, text: str) -> bool:
        """Whether the name is that of something on the hub, and says no version."""
        return self.only.fullmatch(text) is not None and (self.pinned is None or not self.pinned.fullmatch(text))


@dataclass(frozen=True)
class FloatingName:
    """A call that fetches whatever the hub gives for the name."""

    call: ast.Call
    name: str
    known: HubCall


@lru_cache(maxsize=1)
def hub_calls() -> tuple[dict[str, HubCall], dict[str, HubCall]]:
    """The functions by qualified name, and the methods by their own."""
    import tomli

    functions: dict[str, HubCall] = {}
    methods: dict[str, HubCall] = {}
    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "hub_models.toml").read_text(encoding="utf-8"))
    for entry in data["call"]:
        pinned = entry.get("pinned")
        known = HubCall(
            entry.get("position", 0),
            tuple(entry["keywords"].split()),
            tuple(entry.get("revision", "").split()),
            tuple(entry.get("packages", "").split()),
            entry["kind"],
            entry["example"],
            re.compile(entry["only"]),
            re.compile(pinned) if pinned else None,
        )
        functions.update(dict.fromkeys(entry.get("functions", "").split(), known))
        if "method" in entry:
            methods[entry["method"]] = known
    return functions, methods


def floating_names(source: PythonSource) -> Iterator[FloatingName]:
    """The calls that fetch by name alone, in the order of the program."""
    functions, methods = hub_calls()
    semantics = source.semantics
    last_names = {*methods, *(name.rpartition(".")[2] for name in functions)}
    saved: set[object] | None = None
    for call in semantics.calls_named(last_names):
        last = last_name(call.func) or ""
        name = semantics.resolve(call.func) or ""
        known = functions.get(name)
        if known is None and last in methods and name.partition(".")[0] in methods[last].packages:
            known = methods[last]
        argument = known.name(call) if known is not None else None
        if known is None or argument is None:
            continue
        text = semantics.constant(argument)
        if not isinstance(text, str) or not known.floats(text):
            continue
        saved = _own_names(source) if saved is None else saved
        if text not in saved and not _is_here(source, text):
            yield FloatingName(call, text, known)


def _own_names(source: PythonSource) -> set[object]:
    """The names under which the program itself saves something."""
    found: set[object] = set()
    semantics = source.semantics
    for call in semantics.nodes(ast.Call):
        last = last_name(call.func) or ""
        keywords = {keyword.arg: keyword.value for keyword in call.keywords}
        if last.startswith(("save", "push_to_hub", "Repository", "makedirs", "mkdir")) and call.args:
            found.add(_plain(semantics.constant(call.args[0])))
        found.update(
            _plain(semantics.constant(keywords[name])) for name in ("output_dir", "local_dir") if name in keywords
        )
    return found


def _plain(value: object) -> str | None:
    return value.removeprefix("./").rstrip("/") if isinstance(value, str) else None


def _is_here(source: PythonSource, name: str) -> bool:
    """Whether the name is that of a folder of the repository."""
    folder = source.path.rpartition("/")[0]
    return any(place in source.project.directories for place in (name, f"{folder}/{name}"))

"""Where a program fetches from the network in every run."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import Place, PythonSource, code_of, dataclass, lazy_pattern
from repro_lint_rules.data.file_calls import canonical_call, file_calls
from repro_lint_rules.data.sites import Sites

_ADDRESS = lazy_pattern(r"(?:https?|ftp|s3|gs)://\S")
_LOCAL = lazy_pattern(r"https?://(?:localhost|127\.|0\.0\.0\.0|\[::1\])")
_HERE = lazy_pattern(r"localhost|127\.0\.0\.1|0\.0\.0\.0")
_FETCHES = lazy_pattern(r"\s*(?:wget|curl|gdown|git\s+clone|kaggle\s+(?:datasets|competitions)\s+download|aria2c)\b")
_METHODS = {"from_pretrained": ("transformers", "diffusers", "peft", "sentence_transformers")}
_DOWNLOADING = ("torchvision.datasets.", "torchaudio.datasets.", "torch_geometric.datasets.")


@dataclass(frozen=True)
class NetworkUse:
    """A call or command that fetches; ``cached``: only in its first run.

    ``address`` is what it fetches, as far as the text tells, without user, password and query, which may be secret.
    """

    place: Place
    call: str
    address: str | None
    cached: bool


@lru_cache(maxsize=1)
def _fetching() -> dict[str, bool]:
    """The calls that fetch, and whether they keep what they fetched."""
    import tomli

    data: dict[str, Any] = tomli.loads((Path(__file__).parent / "network.toml").read_text(encoding="utf-8"))
    return {name: cached for key, cached in (("always", False), ("first", True)) for name in data[key].split()}


def network_uses(source: PythonSource) -> Iterator[NetworkUse]:
    """The fetches on the program's straight path, in the order of the text."""
    sites = Sites(source)
    for call in source.semantics.nodes(ast.Call):
        found = _fetched(source, call)
        if found is not None and any(site.certain for site in sites.of(call)):
            yield found
    for cell, magic in source.magics:
        shell = magic.name in ("!", "!!", "sx", "system")
        if shell and _FETCHES.match(magic.argument) and not _HERE.search(magic.argument):
            yield NetworkUse(source.place_in(cell, magic.span), magic.argument.split()[0], None, cached=False)


def _fetched(source: PythonSource, call: ast.Call) -> NetworkUse | None:
    semantics = source.semantics
    name = canonical_call(semantics.resolve(call.func) or "")
    known = _fetching().get(name)
    if known is None:
        known = _by_method(name, call)
    if known is not None:
        address = _address(source, call)
        if address is not None and _LOCAL.match(address):
            return None
        if name.startswith(("transformers", "diffusers", "peft")) and _is_path(source, call):
            return None
        return NetworkUse(source.place(call), code_of(call.func), _shown(address), known)
    for reader in file_calls().of(semantics, call):
        argument = file_calls().argument(call, reader.position)
        value = semantics.constant(argument) if reader.mode in ("read", "open") and argument is not None else None
        if isinstance(value, str) and _ADDRESS.match(value) and not _LOCAL.match(value):
            return NetworkUse(source.place(call), code_of(call.func), _shown(value), cached=False)
    return None


def _shown(address: str | None) -> str | None:
    return re.sub(r"(?<=//)[^/@]*@|[?#].*", "", address) if address and _ADDRESS.match(address) else None


def _by_method(name: str, call: ast.Call) -> bool | None:
    """Whether a method or a class of a library fetches: those that download if they are told to."""
    last = name.rpartition(".")[2]
    if last in _METHODS and name.startswith(_METHODS[last]):
        return True
    if name.startswith(_DOWNLOADING):
        told = any(k.arg == "download" and isinstance(k.value, ast.Constant) and k.value.value for k in call.keywords)
        return True if told else None
    return None


def _is_path(source: PythonSource, call: ast.Call) -> bool:
    """Whether a model is named by a path: one on the disk is not fetched."""
    value = source.semantics.constant(call.args[0]) if call.args else None
    return not isinstance(value, str) or value.startswith((".", "/", "~")) or value.count("/") > 1


def _address(source: PythonSource, call: ast.Call) -> str | None:
    for argument in call.args[:2]:
        value = source.semantics.constant(argument)
        if isinstance(value, str) and value:
            return value
    return None

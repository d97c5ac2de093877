"""setup.py and setup.cfg, read without running them."""

from __future__ import annotations

import ast
import configparser
import warnings
from typing import Any

from repro_lint.manifests.model import Manifest, Requirement
from repro_lint.manifests.requirements import parse_requirements
from repro_lint.sources.text import decode


def parse_setup_py(path: str, data: bytes) -> Manifest | None:
    """The manifest in a setup.py: what its call of ``setup`` says in literals. None where nothing calls it.

    Requirements that are computed (read from another file, say) are not seen.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(data)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return Manifest(path, "setup.py", problem="cannot be parsed")
    lists = {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if name != "setup":
            continue
        arguments = {k.arg: k.value for k in call.keywords if k.arg}
        required = arguments.get("install_requires")
        if isinstance(required, ast.Name):
            required = lists.get(required.id, required)
        literal = isinstance(required, (ast.List, ast.Tuple))
        library = any(
            isinstance(n, ast.Constant) and isinstance(n.value, str) and n.value.startswith("Programming Language ::")
            for n in ast.walk(tree)
        )
        line = required.lineno if required else call.lineno
        computed = required is not None and not literal
        return Manifest(path, "setup.py", tuple(_listed(required)), line, library, computed)
    return None


def parse_setup_cfg(path: str, data: bytes) -> Manifest | None:
    """The manifest in a setup.cfg, or None for one that only configures tools."""
    text = decode(data).text
    parser = configparser.ConfigParser(interpolation=None, strict=False)
    try:
        parser.read_string(text)
    except configparser.Error as error:
        return Manifest(path, "setup.cfg", problem=f"cannot be parsed: {error.message.splitlines()[0]}")
    if not parser.has_section("metadata") and not parser.has_option("options", "install_requires"):
        return None
    required = parser.get("options", "install_requires", fallback="") or ""
    line, lines = _lines_of(text)
    found = tuple(Requirement(r.name, lines.get(r.name, line), r.pinned) for r in parse_requirements(required.encode()))
    library = "Programming Language ::" in (parser.get("metadata", "classifiers", fallback="") or "")
    return Manifest(path, "setup.cfg", found, line, library)


def _lines_of(text: str) -> tuple[int | None, dict[str, int]]:
    """The line of ``install_requires``, and those of the requirements after it: the parser drops comments."""
    start: int | None = None
    lines: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if start is None and line.strip().startswith("install_requires"):
            start, line = number, line.partition("=")[2]
        if start is not None:
            for requirement in parse_requirements(line.strip().encode()):
                lines.setdefault(requirement.name, number)
    return start, lines


def _listed(node: ast.expr | None) -> list[Requirement]:
    elements: list[Any] = node.elts if isinstance(node, (ast.List, ast.Tuple)) else []
    found = []
    for element in elements:
        if isinstance(element, ast.Constant) and isinstance(element.value, str):
            parsed = parse_requirements(element.value.encode())
            found += [Requirement(r.name, element.lineno, r.pinned) for r in parsed]
    return found

"""Where a program changes its working directory, or where Python looks for modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from typing import Literal

from repro_lint.api import Place, PythonSource, code_of, dataclass, last_name, lazy_pattern
from repro_lint_rules.configuration.origins import Origin, Whence, origin_of
from repro_lint_rules.configuration.path_guards import is_guarded
from repro_lint_rules.configuration.roots import words

EditKind = Literal["directory", "modules", "variable"]
"""The working directory, ``sys.path``, the environment variable ``PYTHONPATH``."""


@dataclass(frozen=True)
class PathEdit:
    """One change. ``written`` is how the code says it, ``literal`` the place of the text that decides."""

    kind: EditKind
    whence: Whence
    place: Place
    written: str
    literal: Place


_ADDING = words("sys.path.append sys.path.insert sys.path.extend site.addsitedir")
_MOVING = words("os.chdir os.fchdir")
_OF_LISTS = words("append insert extend")
_METHODS = _OF_LISTS | words("addsitedir chdir fchdir")
_CD = words("cd pushd")
_ENV = words("env set_env")
_UP = lazy_pattern(r"\.\.(?:[/\\]\.\.)*[/\\]?")
_AWARE = lazy_pattern(r"getcwd|\bcwd\b|\bpwd\b|__package__|\bendswith\b|\bbasename\b|\bfrozen\b|_MEIPASS")
_MAKES = lazy_pattern(r"\b(?:clone|mkdir|unzip|tar|wget|curl|unpack|extract|cookiecutter|startproject|dvc|download)\b")
_PLAIN = lazy_pattern(r"""["']?(?P<path>[^"'$`;&|<>{}]+?)["']?\s*""")
_LONGEST = 60


def path_edits(source: PythonSource) -> Iterator[PathEdit]:
    """The changes that the program makes wherever it runs, in no particular order."""
    for edit, node in (*_by_calls(source), *_by_assignments(source)):
        if edit.whence.origin is not Origin.UNKNOWN and not _is_conditional(source, node):
            yield edit
    yield from _by_magics(source)


def _by_calls(source: PythonSource) -> Iterator[tuple[PathEdit, ast.AST]]:
    moved: set[str] = set()
    for call in source.semantics.nodes(ast.Call):
        method = last_name(call)
        if method not in _METHODS or not call.args:
            continue
        if method in _OF_LISTS and not (isinstance(call.func, ast.Attribute) and last_name(call.func.value) == "path"):
            continue  # every list has these
        name = source.semantics.resolve(call.func) or ""
        if name in _MOVING and not _is_scoped(source, call):
            scope = source.semantics.scope_of(call).qualname
            edit = _edit(source, "directory", call, call.args[0])
            if not (_returns(edit.whence, scope in moved) or _is_made(source, edit.whence.text)):
                yield edit, call
            moved.add(scope)
        elif name in _ADDING:
            for target in _elements(call.args[-1]):
                yield _edit(source, "modules", call, target), call


def _by_assignments(source: PythonSource) -> Iterator[tuple[PathEdit, ast.AST]]:
    for node in source.semantics.nodes(ast.Assign, ast.AugAssign):
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        holder = target.value if isinstance(target, ast.Subscript) else target
        if last_name(holder) not in ("path", "environ"):
            continue
        name = source.semantics.resolve(holder)
        if name == "sys.path":
            if isinstance(target, ast.Subscript) and not isinstance(target.slice, ast.Slice):
                continue  # what runs programs for others puts their directory into the first place
            for added in _elements(node.value):
                if source.semantics.resolve(added) != "sys.path":
                    yield _edit(source, "modules", node, added), node
        elif name == "os.environ" and isinstance(target, ast.Subscript):
            key = target.slice
            if isinstance(key, ast.Constant) and key.value == "PYTHONPATH":
                yield _edit(source, "variable", node, node.value), node


def _by_magics(source: PythonSource) -> Iterator[PathEdit]:
    moved = False
    for cell, magic in source.magics:
        argument = magic.argument.strip()
        if magic.kind != "line" or "%" not in cell.source:
            continue
        if magic.name in _CD and (match := _PLAIN.fullmatch(argument)):
            path = match["path"]
            whence = Whence(Origin.LITERAL, path)
            plain = not path.startswith(("-", "~"))
            if plain and not _returns(whence, moved) and not _is_made(source, path):
                place = source.place_in(cell, magic.span)
                yield PathEdit("directory", whence, place, f"%{magic.name} {path}", place)
            moved = True
        elif magic.name in _ENV and re.match(r"PYTHONPATH\b", argument) and not re.search(r"[${]", argument):
            whence = Whence(Origin.LITERAL, argument.partition("=")[2].strip() or argument.partition(" ")[2].strip())
            place = source.place_in(cell, magic.span)
            yield PathEdit("variable", whence, place, f"%{magic.name} {argument}", place)


def _edit(source: PythonSource, kind: EditKind, node: ast.expr | ast.stmt, target: ast.expr) -> PathEdit:
    scope = source.semantics.scope_of(node).qualname
    whence, place = origin_of(source, target), source.place(node, scope)
    literal = place if whence.node is None else source.place(whence.node)
    written = _written(node)
    if whence.text and repr(whence.text) not in written:
        written += f"` with `{whence.text}"
    return PathEdit(kind, whence, place, written, literal)


def _written(node: ast.AST) -> str:
    text = code_of(node)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def _elements(value: ast.expr | None) -> Iterator[ast.expr]:
    """The paths in a list, in a sum of lists, or the one that the expression is."""
    if isinstance(value, (ast.List, ast.Tuple)):
        for element in value.elts:
            if not isinstance(element, ast.Starred):
                yield element
    elif isinstance(value, ast.BinOp) and any(isinstance(s, (ast.List, ast.BinOp)) for s in (value.left, value.right)):
        yield from _elements(value.left)
        yield from _elements(value.right)
    elif value is not None:
        yield value


def _is_scoped(source: PythonSource, call: ast.AST) -> bool:
    """Whether the directory is only changed for a block that a manager leads out of."""
    return isinstance(source.semantics.parent(call), ast.withitem)


def _returns(whence: Whence, moved: bool) -> bool:
    """Whether the change only takes back an earlier one, goes nowhere, or to what every machine has."""
    if whence.origin is Origin.CURRENT and not whence.text:
        return True
    return whence.text in (".", "./", "", "/", "/tmp") or (moved and _UP.fullmatch(whence.text) is not None)


def _is_made(source: PythonSource, path: str) -> bool:
    """Whether the program has made the directory itself: cloned, unpacked, created."""
    first = next((part for part in re.split(r"[/\\]", path) if part not in ("", ".", "..")), "")
    if not first:
        return False
    word = re.compile(rf"(?<![\w-]){re.escape(first)}(?![\w-])")
    commands = (f"{magic.argument}\n{magic.body}" for _, magic in source.magics if magic.name not in _CD)
    if any(_MAKES.search(text) and word.search(text) for text in commands):
        return True
    for call in source.semantics.calls:
        if call.method in ("mkdir", "makedirs", "system", "run", "call", "check_call", "extractall", "clone", "Popen"):
            code = code_of(call.node)
            if word.search(code) and (_MAKES.search(code) or call.method in ("makedirs", "extractall")):
                return True
    return False


def _is_conditional(source: PythonSource, node: ast.AST) -> bool:
    """Whether the program looks where it is before it moves, or moves where something failed without."""
    for parent in source.semantics.ancestors(node):
        if isinstance(parent, ast.ExceptHandler):
            return True
        if isinstance(parent, (ast.If, ast.While, ast.IfExp)) and _AWARE.search(code_of(parent.test)):
            return True
    return is_guarded(source, node)

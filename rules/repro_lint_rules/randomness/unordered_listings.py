"""Calls that list files or folders in the order of the file system."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from repro_lint.api import PythonSource, lazy_pattern
from repro_lint_rules.randomness.sinks import Shape, last_name

_DEEPEST = 8
_CALLED = (
    *(b"listdir", b"scandir", b"walk(", b"walk (", b"walk as", b"Walk(", b"glob(", b"glob (", b"glob as", b"Glob("),
    *(b"iterdir", b"ListDirectory"),
)
"""Parts of texts of which one stands in every file that lists files, but not in one that says ``global``."""
_RENAMED = lazy_pattern(rb"(?:listdir|scandir|walk|glob|ListDirectory|Glob|Walk) as\b")
_WILDCARDS = lazy_pattern(r"[*?\[]")
_PATTERN_NAMES = lazy_pattern(r"(?i)pattern|glob|wild|mask|regex|expr|prefix|files|path")
_ROLE = lazy_pattern(r"\*[-_]?[A-Za-z]\w*[^*?\[{]*\.\w+")
""" ``*_seg.nii.gz``, but neither ``*.csv`` nor ``epoch_*.ckpt``."""


@lru_cache(maxsize=1)
def listing_names() -> Mapping[str, Mapping[str, frozenset[str]]]:
    """The content of ``unordered_listings.toml``."""
    import tomli

    text = (Path(__file__).parent / "unordered_listings.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomli.loads(text)
    return {table: {kind: frozenset(names.split()) for kind, names in kinds.items()} for table, kinds in data.items()}


def listings(source: PythonSource) -> Iterator[tuple[ast.Call, Shape]]:
    """The calls of the program that list files, and in which form they give them."""
    if not any(part in source.file.written for part in _CALLED):
        return
    known = listing_names()
    renamed = _RENAMED.search(source.file.written) is not None
    for call in source.semantics.nodes(ast.Call):
        if not renamed and last_name(call.func) not in _last_names():
            continue
        name = source.semantics.resolve(call.func)
        if name in known["functions"]["walks"]:
            yield call, Shape.WALK
        elif name in known["functions"]["lists"] or (
            name is None and last_name(call.func) in known["methods"]["lists"] and _is_of_path(call)
        ):
            if _is_ordered(source, call) or (matches_a_pattern(call) and _names_one_path(source, call)):
                continue
            yield call, Shape.MATCHES if _names_a_file(call) else Shape.LIST


@lru_cache(maxsize=1)
def _last_names() -> frozenset[str]:
    tables = listing_names().values()
    return frozenset(name.rpartition(".")[2] for kinds in tables for names in kinds.values() for name in names)


def _is_ordered(source: PythonSource, call: ast.Call) -> bool:
    """Whether objects of a bucket are listed, which Google Cloud Storage and S3 give in the order of their names."""
    node: ast.AST | None = _pattern(call)
    for _ in range(_DEEPEST):
        if isinstance(node, ast.Name):
            binding = source.semantics.binding_of(node)
            node = binding.assigned if binding is not None else None
        elif isinstance(node, ast.Call):
            node = node.args[0] if last_name(node.func) == "join" and node.args else node.func
        elif isinstance(node, (ast.Attribute, ast.FormattedValue)):
            node = node.value
        elif isinstance(node, ast.BinOp):
            node = node.left
        elif isinstance(node, ast.JoinedStr) and node.values:
            node = node.values[0]
    return isinstance(node, ast.Constant) and str(node.value).startswith(("gs://", "s3://"))


def _names_a_file(call: ast.Call) -> bool:
    """Whether a pattern such as ``**/labels.csv`` looks for a file by its name: there is but one, wherever it is."""
    pattern = _pattern(call)
    if isinstance(pattern, ast.Call) and any(getattr(part, "value", None) == "**" for part in pattern.args):
        # join(folder, "**", track.name): what is neither a text nor made of texts is the name of something.
        texts = [part.value for part in ast.walk(pattern.args[-1]) if isinstance(part, ast.Constant)]
        return not any(isinstance(text, str) and _WILDCARDS.search(text) for text in texts)
    while isinstance(pattern, (ast.Call, ast.BinOp)):
        pattern = pattern.right if isinstance(pattern, ast.BinOp) else pattern.args[-1] if pattern.args else None
    if isinstance(pattern, ast.JoinedStr) and pattern.values:
        pattern = pattern.values[-1]
    if not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str):
        return False
    *folders, name = pattern.value.split("/")
    searched = "**" in folders or last_name(call.func) == "rglob"
    return searched and not any(_WILDCARDS.search(part) for part in (name, *folders) if part != "**")


def _names_one_path(source: PythonSource, call: ast.Call) -> bool:
    """``glob(name + ".exe")``: a path without wildcards, as far as its parts are known."""
    pattern = _pattern(call)
    if pattern is None or not isinstance(_last_part(pattern), ast.Constant) or last_name(call.func) == "rglob":
        return False
    for part in ast.walk(pattern):
        text: ast.AST | None = part
        if isinstance(part, ast.Name):
            binding = source.semantics.binding_of(part)
            text = binding.assigned if binding is not None else None
            if _PATTERN_NAMES.search(part.id):
                return False
        elif isinstance(part, ast.Attribute) and part.attr != "path" and _PATTERN_NAMES.search(part.attr):
            return False
        for node in ast.walk(text) if text is not None else ():
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and _WILDCARDS.search(node.value):
                return False
    return True


def expects_one(source: PythonSource, call: ast.Call) -> bool:
    """``glob(join(patient, "*_seg.nii.gz"))``: in a folder that varies, the file that has a part to play there."""
    pattern = _pattern(call)
    if isinstance(pattern, ast.Name):
        binding = source.semantics.binding_of(pattern)
        pattern = binding.assigned if binding is not None else None
    if pattern is None:
        return False
    folder = call.func.value if isinstance(call.func, ast.Attribute) else None
    folders = [pattern] if folder is None or getattr(folder, "id", None) in ("glob", "glob2") else [pattern, folder]
    parts = [part for whole in folders for part in ast.walk(whole)]
    if any(isinstance(part, ast.Subscript) and isinstance(part.slice, ast.Name) for part in parts):
        return True  # the folder of one of many
    named = [part for part in parts if isinstance(part, ast.Name)]
    if any(_is_one_of_many(source, name) for name in named):
        return True
    last = _last_part(pattern)
    if not named or not isinstance(last, ast.Constant) or not isinstance(last.value, str):
        return False
    return _ROLE.fullmatch(last.value.rpartition("/")[2]) is not None


def _is_one_of_many(source: PythonSource, name: ast.Name) -> bool:
    """Whether a loop gives the name its value."""
    binding = source.semantics.binding_of(name)
    return binding is not None and binding.kind in ("for", "comprehension")


def _last_part(pattern: ast.expr) -> ast.expr:
    """What a path that is put together ends with."""
    while True:
        if isinstance(pattern, ast.BinOp) and isinstance(pattern.op, (ast.Add, ast.Div)):
            pattern = pattern.right
        elif isinstance(pattern, ast.Call) and pattern.args and last_name(pattern.func) in ("join", "str", "joinpath"):
            pattern = pattern.args[-1]
        elif isinstance(pattern, ast.JoinedStr) and pattern.values:
            pattern = pattern.values[-1]
        else:
            return pattern


def matches_a_pattern(call: ast.Call) -> bool:
    """Whether files are listed that match a pattern, of which there may be but one."""
    return "glob" in (last_name(call.func) or "").lower()


def _pattern(call: ast.Call) -> ast.expr | None:
    if call.args:
        return call.args[0]
    return next(
        (keyword.value for keyword in call.keywords if keyword.arg in ("filename", "pattern", "pathname")), None
    )


def _is_of_path(call: ast.Call) -> bool:
    """Whether a method of this name is that of a path, as far as its arguments tell."""
    if not isinstance(call.func, ast.Attribute) or len(call.args) > 1:
        return False
    if call.func.attr == "iterdir":
        return not call.args
    return bool(call.args) and isinstance(call.args[0], (ast.Constant, ast.JoinedStr, ast.Name, ast.BinOp, ast.Call))

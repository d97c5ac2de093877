"""Data is read from an address whose content changes: a branch, or the latest release."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from repro_lint.api import (
    Confidence,
    Finding,
    Level,
    Outcome,
    Place,
    PythonSource,
    Rule,
    RuleMeta,
    Severity,
    TextFile,
    last_name,
    lazy_pattern,
)
from repro_lint_rules.data.addresses import MovingAddress, is_data, is_program, moving
from repro_lint_rules.data.shell_texts import is_shell_file, shell_texts

_ADDRESS = lazy_pattern(r"https?://[^\s\"'`<>\\|;]+")
_SHOWN = frozenset({"print", "HTML", "Image", "Markdown", "IFrame", "display", "info", "warning", "help", "set_title"})

_MAY_MOVE = (b"raw.git", b"media.git", b"rawgit", b"jsdelivr", b"raw/", b"blob/", b"resolve/", b"archive/", b"latest/")


class MutableUrl(Rule):
    """Looks for addresses on a branch in the texts and commands of programs, and in shell scripts."""

    meta = RuleMeta(
        code="DAT004",
        name="mutable-url",
        family="data",
        level=Level.REPRODUCIBLE,
        severity=Severity.WARNING,
        confidence=Confidence.HIGH,
        since="0.1.0",
        summary="Data is read from an address whose content changes: a branch, or the latest release.",
        why="Whoever runs this next year reads other data, or none, and nothing tells them.",
        help="put a commit or a tag in place of the branch, or keep a copy of the file with a checksum",
    )
    triggers = (b"github", b"gitlab", b"huggingface.co", b"jsdelivr", b"rawgit")

    def check(self, subject: PythonSource | TextFile) -> Outcome:
        """One finding for each address."""
        found = _in_program(subject) if isinstance(subject, PythonSource) else _in_script(subject)
        for address, place in found:
            yield Finding(place, f"`{_short(address.address)}` is read from {address.what}, which moves on")


def _in_program(source: PythonSource) -> Iterator[tuple[MovingAddress, Place]]:
    # A script names the host in every licence; what moves has one of these words besides.
    if source.notebook is None and not source.file.contains_any(_MAY_MOVE):
        return
    semantics = source.semantics
    for node in semantics.strings:
        address = moving(str(node.value).strip())
        if address is None or not _is_read(source, node):
            continue
        yield address, source.place(node)
    for text in shell_texts(source):
        if text.cell is None:
            continue
        for match in _ADDRESS.finditer(text.text):
            address = moving(match[0])
            if address is not None and not is_program(match[0]) and "pip install" not in text.text:
                yield address, source.place_in(text.cell, text.span(match.start()))


def _in_script(file: TextFile) -> Iterator[tuple[MovingAddress, Place]]:
    if not is_shell_file(file.path):
        return
    for match in _ADDRESS.finditer(file.text):
        address = moving(match[0])
        line = file.text[file.text.rfind("\n", 0, match.start()) + 1 : match.start()]
        fetched = any(word in line for word in ("wget", "curl", "aria2c", "ADD ", "="))
        if address is not None and is_data(match[0]) and fetched and "#" not in line:
            yield address, file.place(file.span(match.start(), match.end()))


def _is_read(source: PythonSource, node: ast.Constant) -> bool:
    """Whether the address is that of data, and is not shown to somebody."""
    semantics = source.semantics
    whole: ast.AST | None = semantics.parent(node)
    while isinstance(whole, (ast.BinOp, ast.List, ast.Tuple, ast.keyword, ast.JoinedStr)):
        if isinstance(whole, ast.keyword) and whole.arg in ("help", "description", "homepage", "citation", "url_docs"):
            return False
        if isinstance(whole, (ast.BinOp, ast.JoinedStr)) and str(node.value).endswith("/"):
            return not _is_talk(whole, semantics.parent(whole))  # the base of the addresses of several files
        whole = semantics.parent(whole)
    if _is_talk(node, whole):
        return False
    text = str(node.value).strip()
    if isinstance(whole, ast.Call):
        return not is_program(text) if "." in text.rpartition("/")[2] else False
    return is_data(text) or (text.endswith("/") and isinstance(whole, ast.Assign))


def _is_talk(node: ast.AST, parent: ast.AST | None) -> bool:
    return isinstance(parent, (ast.Expr, ast.Compare)) or (
        isinstance(parent, ast.Call) and last_name(parent.func) in _SHOWN
    )


def _short(address: str) -> str:
    return address if len(address) <= 100 else f"{address[:60]}…{address[-36:]}"

"""Scripts and notebooks for Python 2, which a walk follows as if they were for Python 3."""

from __future__ import annotations

import re
from copy import copy
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING

from repro_lint.lazy import lazy_pattern
from repro_lint.sources.program import Program, read_notebook, read_script
from repro_lint.sources.python import PythonSource
from repro_lint.sources.text import Decoded

if TYPE_CHECKING:
    from typing_extensions import Self

    from repro_lint.project import Project
    from repro_lint.source_file import SourceFile

_TOKENS = lazy_pattern(
    r'''(?P<string>[uUbB]?[rR]?(?:"""(?:[^\\]|\\.)*?"""|\'\'\'(?:[^\\]|\\.)*?\'\'\'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'))'''
    r"|(?P<comment>\#[^\n]*)|(?P<continued>\\\r?\n)|(?P<open>[(\[{])|(?P<close>[)\]}])|(?P<line>\n)",
    re.DOTALL,
)
_PRINT = lazy_pattern(
    r"(?m)(?:^|(?<=[;:]))[ \t]*(?:print|exec)(?P<gap>[ \t]*>>|[ \t]+(?![\s(=.,;)]|$)|(?=['\"_]))(?P<rest>[^;\n]*)"
)
_RAISE = lazy_pattern(r"(?m)(?<![\w.])raise[ \t]+[\w.]+[ \t]*(?P<comma>,)(?P<rest>[^;\n]*)")
_EXCEPT = lazy_pattern(r"(?m)^[ \t]*except[ \t]+[^,:\n]+?(?P<comma>[ \t]*,[ \t]*)\w+[ \t]*:")
_LAMBDA = lazy_pattern(r"(?<![\w.])lambda[ \t]*(?P<open>\()[^()]*(?P<close>\))[ \t]*:")
_NUMBER = lazy_pattern(r"(?<![\w.])(?<![eE][+-])(?:0(?P<octal>[0-7]+)|(?:\d+|0[xX][\da-fA-F]+)(?P<long>[lL]))(?![\w.])")
_RAW = lazy_pattern(r"(?<![\w.])(?P<u>[uU])[rR](?=['\"])")

_Edit = tuple[int, int, str]


class Python2Source(PythonSource):
    """A script or notebook for Python 2 with its statements in the form of Python 3, on the same lines."""

    @classmethod
    def from_file(cls, file: SourceFile, project: Project) -> Self | None:
        """The script or notebook, or None for what is no Python 2 or stays as unreadable as it is."""
        plain = project.load(PythonSource, file.path)
        if plain is None or not any(error.python2 for error in plain.syntax_errors):
            return None
        source = cls(file, project)
        return source if len(source.syntax_errors) < len(plain.syntax_errors) else None

    @cached_property
    def decoded(self) -> Decoded:
        """The text of a script, rewritten."""
        return Decoded(modernised(super().decoded.text), "utf-8")

    @cached_property
    def _program(self) -> Program:
        if self.notebook is None:
            return read_script(self.file.data, self.decoded)
        plain = self.project.load(PythonSource, self.path)
        unread = {cell.index for cell in plain.cells if cell.error is not None} if plain is not None else set()
        notebook = copy(self.notebook)
        notebook.__dict__.pop("code_cells", None)  # what was found of the cells as they are
        notebook.cells = tuple(
            replace(cell, source=modernised(cell.source)) if cell.index in unread else cell for cell in notebook.cells
        )
        return read_notebook(notebook)


def readable(project: Project, path: str) -> PythonSource | None:
    """The program in a file as it can be followed; None where there is none."""
    source = project.load(PythonSource, path)
    if source is not None and source.syntax_errors:
        return project.load(Python2Source, path) or source
    return source


def modernised(text: str) -> str:
    """The text with the statements and literals of Python 2 alone rewritten, each on the line where it was."""
    masked, flat = _masked(text)
    edits: list[_Edit] = []
    for found in _PRINT.finditer(flat):
        gap = found["gap"]
        edits.append((found.start("gap"), found.end("gap"), "(" + " " * (len(gap) - 1)))
        edits.append(_closing(found))
    for found in _RAISE.finditer(flat):
        edits += [(found.start("comma"), found.end("comma"), "("), _closing(found)]
    for found in _EXCEPT.finditer(flat):
        edits.append((found.start("comma"), found.end("comma"), " as "))
    for found in _LAMBDA.finditer(masked):
        edits += [(found.start(name), found.end(name), " ") for name in ("open", "close")]
    for found in _NUMBER.finditer(masked):
        if found["long"]:
            edits.append((found.start("long"), found.end("long"), " "))
        elif found["octal"].strip("0"):
            edits.append((found.start("octal"), found.start("octal"), "o"))
    edits += [(found.start("u"), found.end("u"), " ") for found in _RAW.finditer(masked)]
    edits += [(found.start(), found.end(), "!=") for found in re.finditer("<>", masked)]
    ticks = [found.start() for found in re.finditer("`", masked)]
    edits += [(tick, tick + 1, ")" if n % 2 else "(") for n, tick in enumerate(ticks)]
    for start, end, new in sorted(edits, reverse=True):
        text = text[:start] + new + text[end:]
    return "".join(_without_tabs(line) for line in text.splitlines(keepends=True))


def _closing(found: re.Match[str]) -> _Edit:
    """The bracket behind the last word of a statement."""
    end = found.start("rest") + len(found["rest"].rstrip())
    return end, end, ")"


def _without_tabs(line: str) -> str:
    """The line with its indentation as Python 2 measures it."""
    rest = line.lstrip(" \t")
    indentation = line[: len(line) - len(rest)]
    return indentation.expandtabs(8) + rest if " " in indentation and "\t" in indentation else line


def _masked(text: str) -> tuple[str, str]:
    """The text with what stands in strings and comments crossed out; the same with what stands in brackets, too.

    Both are as long as the text. In the second each line is one statement or several.
    """
    masked, flat = [], []
    position = depth = 0

    def add(part: str, crossed: str, inside: bool) -> None:
        masked.append(crossed)
        flat.append("_" * len(part) if inside else crossed)

    for token in _TOKENS.finditer(text):
        between = text[position : token.start()]
        add(between, between, depth > 0)
        part = token[0]
        if token["string"]:
            quote = min(part.find(mark) if mark in part else len(part) for mark in "\"'")
            add(part, part[: quote + 1] + "_" * (len(part) - quote - 2) + part[-1], depth > 0)
        elif token["comment"] or token["continued"]:
            add(part, " " * len(part), depth > 0)
        elif token["open"]:
            add(part, part, depth > 0)
            depth += 1
        elif token["close"]:
            depth = max(depth - 1, 0)
            add(part, part, depth > 0)
        else:
            add(part, part, depth > 0)
        position = token.end()
    rest = text[position:]
    add(rest, rest, depth > 0)
    return "".join(masked), "".join(flat)

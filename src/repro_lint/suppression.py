"""Suppressions: comments, cell tags and configuration that set a finding aside, with the reason why."""

from __future__ import annotations

import io
import tokenize
from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

from repro_lint.files import display_path
from repro_lint.finding import CellRef, Place, Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.project import Project
from repro_lint.source_file import SourceFile
from repro_lint.sources.notebook import Notebook
from repro_lint.sources.text import TextFile, decode, decode_python

MARKER = b"repro-lint"
TAG_PREFIX = "repro-lint-ignore-"
_DIRECTIVE = lazy_pattern(
    r"repro-lint:\s*(?P<file>file-)?ignore\b(?:\[(?P<rules>[^\]]*)\])?[ \t]*(?P<reason>[^\n]*?)\s*(?:-->|\*/)?\s*$"
)
_COMMENT_START = lazy_pattern(r"(?:#|//|--|;|%|\.\.|/\*|<!--)\s*(?=repro-lint:)")
_NEWLINE = lazy_pattern("\r\n?")
_FENCE = lazy_pattern(r"\s*(`{3,}|~{3,})")

By = Literal["comment", "file-comment", "cell-tag"]


@dataclass(frozen=True)
class Suppression:
    """One directive: the rules it names, where it applies, and where it is written."""

    rules: tuple[str, ...]
    by: By
    reason: str | None
    place: Place
    lines: tuple[int, ...] = ()
    """The lines it applies to, for a comment; a whole cell or file otherwise."""

    def covers(self, path: str, cell: int | None, first: int | None, last: int | None) -> bool:
        """Whether it applies to something at these lines (inside the cell, if there is one)."""
        if path != display_path(self.place.path):
            return False
        if self.by == "file-comment":
            return True
        if cell != (self.place.cell.index if self.place.cell else None):
            return False
        if self.by == "cell-tag":
            return True
        return first is not None and any(first <= line <= (last or first) for line in self.lines)


@dataclass(frozen=True)
class _Comment:
    line: int
    column: int
    text: str
    alone: bool
    until: int | None = None
    """The last line of the statement that follows, where that is known."""

    def resembles(self, line: str) -> bool:
        """Whether the line is another comment of the same form."""
        opener = self.text[:1] if self.text[0] in "#;%" else self.text[:2]
        return line.lstrip().startswith(opener)


def find_suppressions(file: SourceFile, project: Project) -> list[Suppression]:
    """Every directive in the file, in order. Raises ``OSError`` if it cannot be read."""
    if MARKER not in file.data.lower():
        return []
    if file.path.endswith(".ipynb"):
        return list(_in_notebook(project.load(Notebook, file.path)))
    if file.path.endswith((".py", ".pyw")):
        text = _NEWLINE.sub("\n", decode_python(file.data).text)
        comments: Iterator[_Comment] = _python_comments(text)
    elif file.path.lower().endswith((".md", ".markdown", ".rmd", ".qmd", ".html")):
        text = decode(file.data).text
        comments = _html_comments(text)
    elif file.path.lower().endswith(".rst"):
        text = decode(file.data).text
        comments = (c for c in _text_comments(text) if c.alone and c.text.startswith(".."))
    elif TextFile.accepts(file.path) and not _is_prose(file.path):
        text = decode(file.data).text
        comments = _text_comments(text)
    else:
        return []
    found = (_suppression(c, text.split("\n"), file.path, None) for c in comments)
    return [s for s in found if s is not None]


def _is_prose(path: str) -> bool:
    """Whether the file has no comments: JSON, and plain text unless it lists requirements."""
    name = path.rpartition("/")[2].lower()
    return name.endswith(".json") or (name.endswith(".txt") and "requirements" not in path.lower())


def _in_notebook(notebook: Notebook | None) -> Iterator[Suppression]:
    for cell in notebook.cells if notebook else ():
        ref = CellRef(cell.index, cell.id, cell.code_index)
        assert notebook is not None
        for tag in cell.tags:
            if tag.startswith(TAG_PREFIX):
                place = notebook.cell_place(cell)
                yield Suppression((tag.removeprefix(TAG_PREFIX),), "cell-tag", None, place)
        if "repro-lint:" not in cell.source:
            continue
        source = _NEWLINE.sub("\n", cell.source)
        comments = _python_comments(source) if cell.type == "code" else _html_comments(source)
        for comment in comments:
            found = _suppression(comment, source.split("\n"), notebook.path, ref)
            if found is not None and found.place.span is not None:
                place = notebook.place(cell, found.place.span)
                yield Suppression(found.rules, found.by, found.reason, place, found.lines)


def _suppression(comment: _Comment, lines: list[str], path: str, cell: CellRef | None) -> Suppression | None:
    match = _DIRECTIVE.search(comment.text)
    if match is None:
        return None
    rules = tuple(r.strip() for r in (match["rules"] or "").split(",") if r.strip())
    covered = [comment.line]
    if comment.alone:  # a comment on a line of its own is about what comes next, further comments passed over
        for number, line in enumerate(lines[comment.line :], comment.line + 1):
            covered.append(number)
            says_something = line.strip() and not comment.resembles(line)
            if number == comment.until or (comment.until is None and says_something):
                break
    start = comment.column + match.start()
    span = Span(comment.line, start, comment.line, comment.column + len(comment.text.rstrip()))
    place = Place(path, span, cell, excerpt=(lines[comment.line - 1],))
    return Suppression(
        rules, "file-comment" if match["file"] else "comment", match["reason"] or None, place, tuple(covered)
    )


def _python_comments(text: str) -> Iterator[_Comment]:
    """The comments of Python code; for code that cannot be tokenized, what looks like one of ours."""
    found: list[_Comment] = []
    between: list[int] = []  # comments between statements, which are about the whole of the one that comes next
    depth = 0
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT and "repro-lint:" in token.string:
                alone = not token.line[: token.start[1]].strip()
                if alone and depth == 0:
                    between.append(len(found))
                found.append(_Comment(token.start[0], token.start[1] + 1, token.string, alone))
            elif token.type == tokenize.OP:
                depth += (token.string in "([{") - (token.string in ")]}")
            elif token.type == tokenize.NEWLINE:
                for position in between:
                    found[position] = replace(found[position], until=token.start[0])
                between = []
    except (tokenize.TokenError, SyntaxError, ValueError):
        yield from _text_comments(text)
        return
    yield from found


def _text_comments(text: str) -> Iterator[_Comment]:
    for number, line in enumerate(text.split("\n"), 1):
        if "repro-lint:" in line and (match := _COMMENT_START.search(line)):
            yield _Comment(number, match.start() + 1, line[match.start() :], not line[: match.start()].strip())


def _html_comments(text: str) -> Iterator[_Comment]:
    """HTML comments outside code, where they would only be an example."""
    fence: str | None = None
    for number, line in enumerate(text.split("\n"), 1):
        if match := _FENCE.match(line):
            if fence is None:
                fence = match[1]
            elif match[1].startswith(fence):
                fence = None
        elif fence is None and "repro-lint:" in line:
            start = line.find("<!--")
            if start >= 0 and line.count("`", 0, start) % 2 == 0:
                comment = line[start:].partition("-->")[0]
                yield _Comment(number, start + 1, comment, not line[:start].strip())

"""Cells of notebooks that do not parse, and why: another language, a blank to be filled in, a later Python."""

from __future__ import annotations

import re
from collections.abc import Iterator

from repro_lint.api import CodeCell, NotebookCell, Place, PythonSource, dataclass, lazy_pattern
from repro_lint_rules.notebooks.stored_run import StoredRun

_LONGEST_LINE = 2000  # of pasted data the beginning tells as much as the whole


@dataclass(frozen=True)
class UnparsableCell:
    """A code cell, the parser's message about it, and the line that it is about.

    ``marked`` is the language other than Python that an editor noted for the cell, or None. ``python2`` tells that
    the line is Python 2, ``newer`` that a later Python than the one that runs may accept it.
    """

    cell: CodeCell
    place: Place
    message: str
    line: str
    marked: str | None
    python2: bool
    newer: bool


def unparsable_cells(source: PythonSource) -> Iterator[UnparsableCell]:
    """The cells of a notebook that do not parse, in order, without those that are not meant to run, or to fail."""
    if source.notebook is None:
        return
    run = StoredRun(source.notebook)
    stored_cells = {cell.index: cell for cell in source.notebook.code_cells}
    for cell in source.cells:
        error, stored = cell.error, stored_cells[cell.index]
        if error is None or run.directives(stored):
            continue
        lines = cell.source.splitlines()
        line = lines[error.span.line - 1][:_LONGEST_LINE] if error.span.line <= len(lines) else ""
        place, marked = source.problem_place(error), _mark(stored)
        yield UnparsableCell(cell, place, error.message, line.strip(), marked, error.python2, error.newer)


def _mark(cell: NotebookCell) -> str | None:
    return None if cell.language == "python" else cell.language


@dataclass(frozen=True)
class Content:
    """What cells hold that is not Python: ``one`` says it of one cell, ``many`` follows "3 cells"."""

    one: str
    many: str
    help: str


def content_of(broken: UnparsableCell) -> Content | None:
    """What the cell holds instead of Python, or None where that is not plain from its text."""
    if broken.marked:
        mark = f"marked as {broken.marked}, and the kernel runs Python"
        return Content(f"the cell is {mark}", f"are {mark}", "move them to a notebook with a kernel of their language")
    text = broken.cell.source
    lines = (line.strip() for line in text.splitlines())
    first = next((line for line in lines if line and not line.startswith(("#", "--", "//"))), "")
    for line in (first, broken.line):
        for pattern, language in _LANGUAGES:
            if pattern.match(line) and (language != "SQL" or _SQL_TEXT.search(text)):
                return _foreign(language)
    if _R.search(text):
        return _foreign("R")
    if _PROSE.fullmatch(broken.line) and not _STATEMENT.match(broken.line):
        return _foreign("prose")
    return _BLANK_CONTENT if _BLANK.search(text) else None


# The first words of a line that no Python program begins with; of SQL, the whole cell has to bear it out.
_PATTERNS = (
    ("SQL", r"select(?:\s+[\w*\"'`(\[]|$)|with\s+\w+\s+as\s*\(\s*(?:select\b|$)|(?:explain|analyze|vacuum)\s+\w"),
    ("SQL", r"insert\s+into\s|delete\s+from\s|update\s+\S+\s+set\b|copy\s+\w+\s+from\s|merge\s+into\s"),
    ("SQL", r"(?:create|alter|drop|truncate)\s+(?:\w+\s+){0,3}(?:table|view|schema|database|index)\b"),
    ("shell", r"\$?\s*(?:sudo|apt|apt-get|brew|pip3?|conda|mamba|git|docker|npm|wget|curl|aws|kaggle)\s+[a-z-]"),
    ("shell", r"\$?\s*(?:python3?|bash|sh)\s+(?:-\w|[\w./-]+\.(?:py|sh)\b)|(?:ipython|jupyter)\s+(?:notebook|lab)\b"),
    ("shell", r"export\s+\w+=|source\s+\S*/\S+$|cd\s+[\w./~$-]+$|(?:mkdir|rm|cp|mv|chmod|tar|unzip)\s+[-\w./~$]"),
    ("Scala", r"val\s+\w+\s*(?::[^=]+)?=|def\s+\w+\s*=\s*\(|class\s+\w+\s+extends\s"),
    ("JavaScript", r"const\s+\w+\s*=|function\s+\w+\s*\([^)]*\)\s*\{"),
    ("C", r"(?:int|void|double|float)\s+\w+\s*\([^)]*\)\s*\{?$"),
    ("HTML", r"<(?:!doctype|html|head|body|div|p|a|img|table|iframe|h[1-6]|script|style|span|br|font|ul)\b[^>]*>"),
    ("address", r"https?://\S+$"),
    ("LaTeX", r"\$\$|\\(?:begin|frac|section|textbf)\b"),
)
_LANGUAGES = tuple((lazy_pattern(pattern, re.I), language) for language, pattern in _PATTERNS)
_SQL_TEXT = lazy_pattern(
    r"(?is)^(?=.*[*,;=(\n]).*\b(?:from|into|set|table|view|schema|database|index)\b|(?-i:\b(?:VACUUM|ANALYZE)\b)|;\s*$"
)
_R = lazy_pattern(r"%>%|<-[ \t]*function[ \t]*\(")
# Five words at least, with nothing between them but blanks and the marks of a sentence.
_PROSE = lazy_pattern(r"(?:[-*>] |\d+[.)] )?(?:[a-z][a-z'’/-]*[,;:.!?]* +){4,}[a-z'’-]+[.!?:]?", re.I)
_STATEMENT = lazy_pattern(
    r"(?:if|for|while|with|from|import|def|class|return|print|exec|assert|del|elif|else|try|except|raise|not|lambda"
    r"|global|async|await|yield|match|case)\b",
    re.I,
)
# An exercise: ``x = ###``, ``f(#your code#)``, ``<FILL IN>``.
_BLANK = lazy_pattern(
    r"(?:[=(\[{,:.]|\b(?:return|in)\b)[ \t]*(?:\#{2,}(?![ \t]*\w)|\?{2,}|\#\w[^#\n]*\#(?=[ \t]*[,)\]]))"
    r"|<(?:fill|your|todo|insert|enter|add|replace)\b[^<>=\n]*>",
    re.I,
)
_BLANK_CONTENT = Content(
    "the cell has a blank to be filled in, and does not parse without it",
    "have blanks to be filled in, and do not parse without them",
    "write `...` where something is left out, and the cell parses",
)


def _foreign(language: str) -> Content:
    name = {"shell": "shell commands", "address": "a web address"}.get(language, language)
    help_ = {
        "SQL": "begin the cell with %%sql (JupySQL), or give the query to the database's library as a string",
        "shell": "put ! before each command, or begin the cell with %%bash",
        "R": "begin the cell with %%R (rpy2), or move it to a notebook with an R kernel",
        "HTML": "begin the cell with %%html",
        "JavaScript": "begin the cell with %%javascript",
    }.get(language, "make it a Markdown cell")
    return Content(f"the cell holds {name}, not Python", f"hold {name}, not Python", help_)

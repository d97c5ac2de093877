"""IPython's syntax beside Python: magics, shell commands, help and prompts, made parsable line for line.

What is recognised, and in which order, follows IPython's input transformers as its documentation describes them:
blank lines in front, common indentation, prompts, a cell magic, then escapes at the start of logical lines. Where
its versions differ, what one of them accepts is accepted.
"""

from __future__ import annotations

import re
from dataclasses import field
from typing import Literal

from repro_lint.finding import Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.logical_lines import LogicalLine, scan_logical_line
from repro_lint.sources.magic_names import (
    AUTOMAGICS,
    BARE_AUTOMAGIC,
    LANGUAGE_CELL,
    PYTHON_CELL_MAGICS,
    SETUP_MAGICS,
    STATEMENT_OPTIONS,
    assigned_names,
    cell_targets,
    line_targets,
    skip_options,
)
from repro_lint.sources.syntax import Failure, parse
from repro_lint.sources.text import LineMap

MagicKind = Literal["line", "cell", "shell", "help", "prompt"]
Shift = tuple[tuple[int, int], ...]
"""For one line: (column in the code, column in the source) pairs, 0-based, where the distance changes."""

PLACEHOLDER = "get_ipython()"
"""What stands in the code for a value that a magic or a shell command gives."""

_CELL_MAGIC = lazy_pattern(r"%%(?P<name>[^\s?]+)[ \t]*(?P<argument>.*)")
_LINE_MAGIC = lazy_pattern(r"%[ \t]*(?P<name>%?[^\W\d][\w.]*)(?:[ \t]+(?P<argument>.*))?$")
_AUTOCALL = lazy_pattern(r"(?P<name>[,;/])(?P<argument>[^\W\d][\w.]*(?:[ \t].*)?)$")
_HELP_OBJECT = lazy_pattern(r"%{0,2}[^\W\d][\w*]*(?:\.[^\W\d][\w*]*|\[-?\d+\])*(?=\?\??$)")
_PROMPT = lazy_pattern(r"(?:>>>|\.\.\.)(?: |$)")
_FIRST_PROMPT = lazy_pattern(r"[ \t]*>>>(?: |$)")
_NEXT_PROMPT = lazy_pattern(r"[ \t]*\.\.\.(?: |$)")
_IPYTHON_PROMPT = lazy_pattern(r"(?:(?:\[nav\]|\[ins\])? )?In \[\d+\]: |\s*\.{3,}: ?")


@dataclass(frozen=True)
class Magic:
    """One use of IPython's own syntax, with its place in the cell's source (1-based, end exclusive).

    ``name`` is that of the magic, without ``%``; ``!`` or ``!!`` for a shell command, whose text is the
    ``argument``; ``,`` ``;`` or ``/`` for an automatic call; the object's name for help; the prompt for prompts.
    ``targets`` are the names it is seen to bind. ``body`` is the rest of the cell for cell magics.
    """

    kind: MagicKind
    name: str
    argument: str
    line: int
    column: int
    end_line: int
    end_column: int
    targets: tuple[str, ...] = ()
    body: str = field(default="", repr=False)

    @property
    def span(self) -> Span:
        """Its place in the cell's source; the header only for a cell magic."""
        return Span(self.line, self.column, self.end_line, self.end_column)


@dataclass(frozen=True)
class Transformed:
    """A cell's code as Python, with as many lines as its source.

    ``opaque`` cells are not Python at all, and their code is blank. ``shifts`` has the lines, from 1, whose columns
    are not those of the source.
    """

    code: str
    magics: tuple[Magic, ...] = ()
    opaque: bool = False
    shifts: dict[int, Shift] = field(default_factory=dict)


def transform(source: str, *, automagic: bool = False) -> Transformed:
    """The cell without IPython's syntax.

    A text that is Python has none, and comes back as it is, except with ``automagic``: then a cell that is one
    line is read as ``pip install x`` or ``ls`` without a percent sign if it can be, and one that is a ``%sql``
    line above other text as a cell in that language (Databricks).
    """
    return _Transformation(source, automagic=automagic, unparsed=False).result()


def transform_unparsed(source: str, *, automagic: bool = False) -> Transformed:
    """The same for a text that is known not to parse."""
    return _Transformation(source, automagic=automagic, unparsed=True).result()


def read_databricks_magics(source: str) -> tuple[Magic, ...]:
    """The magics in the ``# MAGIC`` comments of one cell of a Databricks source file."""
    lines = LineMap(source, python=True).lines
    found: list[Magic] = []
    marked = [(n, m) for n, line in enumerate(lines, 1) if (m := re.match(r"# MAGIC ?", line))]
    for position, (number, mark) in enumerate(marked):
        text = lines[number - 1][mark.end() :]
        if match := re.match(r"%(?P<name>[\w-]+)[ \t]*(?P<argument>.*)", text):
            kind: MagicKind = "cell" if match["name"] in _DATABRICKS_CELLS else "line"
            argument, name = match["argument"].strip(), match["name"]
        elif text.startswith("!"):
            kind, name, argument = "shell", "!", text[1:].strip()
        else:
            continue
        body = "\n".join(lines[n - 1][m.end() :] for n, m in marked[position + 1 :]) if kind == "cell" else ""
        column, end = mark.end() + 1, len(lines[number - 1]) + 1
        found.append(Magic(kind, name, argument, number, column, number, end, body=body))
        if kind == "cell":
            break
    return tuple(found)


_DATABRICKS_CELLS = frozenset(("sql", "md", "md-sandbox", "scala", "r", "sh", "fs", "python"))


class _Transformation:
    """The work on one cell. Line numbers are 0-based in here."""

    def __init__(self, source: str, *, automagic: bool, unparsed: bool) -> None:
        self.source = source
        self.stored = LineMap(source, python=True).lines
        self.automagic = automagic
        self.unparsed = unparsed
        self.lines = list(self.stored)  # without indentation and prompts
        self.cut = [0] * len(self.lines)  # characters taken from the start of each line
        self.code: list[str] = []
        self.breaks: dict[int, Shift] = {}
        self.magics: list[Magic] = []
        self.opaque = False

    def result(self) -> Transformed:
        if self.automagic and self._is_automagic():
            self._cell(0)
        elif not self.unparsed and not isinstance(parse(self.source), Failure):
            return Transformed(self.source)
        else:
            self._cell(0)
        return Transformed("\n".join(self.code), tuple(self.magics), self.opaque, self._shifts())

    def _shifts(self) -> dict[int, Shift]:
        shifts = {}
        for number, cut in enumerate(self.cut):
            if number in self.breaks:
                shifts[number + 1] = tuple((code, line + cut) for code, line in self.breaks[number])
            elif cut:
                shifts[number + 1] = ((0, cut),)
        return shifts

    # Whole cells.

    def _cell(self, start: int) -> None:
        """Transform the lines from ``start`` on as IPython does a cell of their own."""
        first = next((n for n in range(start, len(self.lines)) if self.lines[n].strip()), len(self.lines))
        self.code += [""] * (first - start)
        if first == len(self.lines):
            return
        self._strip_indentation(first)
        self._strip_prompts(first)
        header = self.lines[first]
        match = _CELL_MAGIC.match(header)
        if match and not re.match(r"%%\w+\?", header):
            self._cell_magic(first, match["name"], match["argument"].strip(), match.start("argument"))
        elif self.automagic and LANGUAGE_CELL.match(header) and "".join(self.lines[first + 1 :]).strip():
            self._opaque_cell(first, header[1:].strip(), "")
        else:
            self._statements(first)

    def _strip_indentation(self, first: int) -> None:
        line = self.lines[first]
        indent = line[: len(line) - len(line.lstrip(" \t"))]
        for number in range(first, len(self.lines)) if indent else ():
            if self.lines[number].startswith(indent):
                self._strip(number, len(indent))

    def _strip_prompts(self, first: int) -> None:
        pattern = _prompt_pattern(self.lines[first : first + 2])
        if pattern is None:
            return
        match = pattern.match(self.lines[first])
        end = match.end() if match else 0
        prompt = self.lines[first][:end].strip()
        self._add("prompt", prompt, "", first, 0, first, end)
        for number in range(first, len(self.lines)):
            if match := pattern.match(self.lines[number]):
                self._strip(number, match.end())

    def _strip_session(self, number: int) -> None:
        """Take a prompt and those of the lines that continue it, as later versions do anywhere in a cell."""
        first = _FIRST_PROMPT.match(self.lines[number])
        end = first.end() if first else 0
        self._add("prompt", ">>>", "", number, 0, number, end)
        self._strip(number, end)
        while (number := number + 1) < len(self.lines) and (more := _NEXT_PROMPT.match(self.lines[number])):
            self._strip(number, more.end())

    def _strip(self, number: int, count: int) -> None:
        self.lines[number] = self.lines[number][count:]
        self.cut[number] += count

    def _cell_magic(self, first: int, name: str, argument: str, at: int) -> None:
        if name not in PYTHON_CELL_MAGICS:
            self._opaque_cell(first, name, argument)
            return
        body = "\n".join(self.lines[first + 1 :])
        self._add("cell", name, argument, first, 0, first, len(self.lines[first]), cell_targets(name, argument), body)
        self.code.append("")
        if name in SETUP_MAGICS:
            skipped = skip_options(name, self.lines[first][at:])
            self._keep_statement(first, "", at + skipped)
        self._cell(first + 1)

    def _opaque_cell(self, first: int, name: str, argument: str) -> None:
        body = "\n".join(self.stored[first + 1 :])
        targets = cell_targets(name, argument)
        self._add("cell", name, argument, first, 0, first, len(self.lines[first]), targets, body)
        self.code += [""] * (len(self.lines) - first)
        self.opaque = True

    def _is_automagic(self) -> bool:
        lines = [line for line in self.stored if line.strip()]
        if len(lines) > 1:
            return bool(LANGUAGE_CELL.match(lines[0]))
        if not lines:
            return False
        line = lines[0].strip()
        name, _, rest = line.partition(" ")
        if name not in AUTOMAGICS:
            return False
        if not isinstance(parse(line), Failure):
            if not BARE_AUTOMAGIC.fullmatch(line):
                return False
        elif re.match(r"\s*(?:[=(,]|\.(?!\.))", rest):
            return False
        number = self.stored.index(lines[0])
        self.lines[number] = "%" + self.lines[number].lstrip()
        self.cut[number] = len(self.stored[number]) - len(self.stored[number].lstrip()) - 1
        return True

    # Statements.

    def _statements(self, start: int) -> None:
        number = start
        while number < len(self.lines):
            line = self.lines[number]
            indent = line[: len(line) - len(line.lstrip(" \t\f"))]
            if _FIRST_PROMPT.match(line):
                self._strip_session(number)
            elif not line.strip() or line[len(indent)] == "#":
                self.code.append(line)
                number += 1
            elif self._escape(number, indent):
                number = len(self.code)
            else:
                logical = scan_logical_line(self.lines, number)
                if not self._assignment(number, logical) and not self._help(number, logical):
                    self.code += self.lines[number : logical.end]
                number = len(self.code)

    def _escape(self, number: int, indent: str) -> bool:
        """Replace a line that begins with a magic, a command, help or an automatic call."""
        at = len(indent)
        line, rest = self.lines[number], self.lines[number][at:]
        if rest.startswith("?"):
            self._add("help", rest.lstrip("?").strip(), "", number, at, number, len(line))
            self._replace(number, number + 1, indent + "pass", at)
            return True
        end = self._continued(number)
        if rest.startswith("!"):
            self._command(number, at, end)
        elif (match := _LINE_MAGIC.match(rest)) and not _HELP_OBJECT.match(rest):
            name = match["name"]
            self._line_magic(number, at, end, name)
            if name in STATEMENT_OPTIONS and match["argument"]:
                text = match["argument"]
                skipped = skip_options(name, text)
                self.code.append("")
                if self._keep_statement(number, indent, at + match.start("argument") + skipped):
                    self.code += self.lines[number + 1 : end]
                    return True
                self.code.pop()
                inner = at + match.start("argument") + skipped
                if line[inner : inner + 1] == "!":
                    self._command(number, inner, end)
                elif nested := _LINE_MAGIC.match(line[inner:]):
                    self._line_magic(number, inner, end, nested["name"])
        elif match := _AUTOCALL.match(rest):
            self._add("line", match["name"], match["argument"], number, at, number, len(line))
            end = number + 1
        else:
            return False
        self._replace(number, end, indent + "pass", at)
        return True

    def _assignment(self, number: int, logical: LogicalLine) -> bool:
        """Replace the value in ``x = !command`` and ``x = %magic``."""
        at = logical.value
        if at is None:
            return False
        line = self.lines[number]
        rest = line[at:]
        match = _LINE_MAGIC.match(rest)
        if not match and not (rest.startswith("!") and not rest.startswith("!=")):
            return False
        end = self._continued(number)
        targets = tuple(assigned_names(line[:at].rstrip().removesuffix("=")))
        if not match:
            self._command(number, at, end, targets)
        else:
            self._line_magic(number, at, end, match["name"], targets)
            text = match["argument"] or ""
            skipped = skip_options(match["name"], text)
            if match["name"] in STATEMENT_OPTIONS and end == number + 1 and _is_expression(text[skipped:]):
                self.code.append("")
                self._keep_statement(number, line[:at], at + match.start("argument") + skipped)
                return True
        self._replace(number, end, line[:at] + PLACEHOLDER, at)
        return True

    def _help(self, number: int, logical: LogicalLine) -> bool:
        """Replace a line that ends in a question mark."""
        line = self.lines[number]
        if not logical.asks or logical.end != number + 1:
            return False
        match = _HELP_OBJECT.search(line.rstrip())
        if match is None:  # IPython helps with names only, and takes the rest for the error that it is
            return False
        at = len(line) - len(line.lstrip(" \t\f"))
        self._add("help", match[0], "", number, at, number, len(line.rstrip()))
        self._replace(number, number + 1, line[:at] + "pass", at)
        return True

    # Parts.

    def _continued(self, number: int) -> int:
        """The line after the last one that backslashes join to this one."""
        while self.lines[number].endswith("\\") and number + 1 < len(self.lines):
            number += 1
        return number + 1

    def _joined(self, number: int, at: int, end: int) -> str:
        parts = [self.lines[number][at:], *self.lines[number + 1 : end]]
        return " ".join(part.removesuffix("\\").strip() for part in parts)

    def _command(self, number: int, at: int, end: int, targets: tuple[str, ...] = ()) -> None:
        text = self._joined(number, at, end)
        mark = "!!" if text.startswith("!!") else "!"
        self._add("shell", mark, text[len(mark) :].strip(), number, at, end - 1, len(self.lines[end - 1]), targets)

    def _line_magic(self, number: int, at: int, end: int, name: str, targets: tuple[str, ...] = ()) -> None:
        argument = self._joined(number, at, end)[1:].strip().removeprefix(name).strip()
        found = (*targets, *line_targets(name, argument))
        self._add("line", name, argument, number, at, end - 1, len(self.lines[end - 1]), found)

    def _add(
        self, kind: MagicKind, name: str, argument: str, line: int, at: int, end_line: int, end: int,
        targets: tuple[str, ...] = (), body: str = "",
    ) -> None:  # fmt: skip
        start = max(self.cut[line] + at, 0) + 1
        stop = max(self.cut[end_line] + end, 0) + 1
        self.magics.append(Magic(kind, name, argument, line + 1, start, end_line + 1, stop, targets, body))

    def _replace(self, number: int, end: int, code: str, at: int) -> None:
        """Put ``code`` for the lines up to ``end``; from column ``at`` on it stands for the rest of the first."""
        self.code += [code] + [""] * (end - number - 1)
        self.breaks[number] = ((0, 0), (at, at), (len(code), len(self.lines[number])))

    def _keep_statement(self, number: int, before: str, at: int) -> bool:
        """Put the statement that stands at ``at`` behind ``before`` as the last line of code, if it is one."""
        statement = self.lines[number][at:]
        if not statement.strip() or statement[0] in "!%":
            return False
        if "$" in statement and isinstance(parse(statement), Failure):  # a variable that IPython fills in
            return False
        self.code[-1] = before + statement
        self.breaks[number] = ((0, 0), (len(before), at))
        return True


def _prompt_pattern(lines: list[str]) -> re.Pattern[str] | None:
    """The prompts to strip: decided, as in IPython, by the first two lines."""
    if re.match(r">>>(?: |$)", lines[0]) or (len(lines) > 1 and _PROMPT.match(lines[1])):
        return _PROMPT
    if any(_IPYTHON_PROMPT.match(line) for line in lines):
        return _IPYTHON_PROMPT
    return None


def _is_expression(text: str) -> bool:
    body = parse(f"({text})") if text.strip() else []
    return isinstance(body, list) and len(body) == 1

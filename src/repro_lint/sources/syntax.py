"""Parsing Python text, with every way in which that can fail turned into data."""

from __future__ import annotations

import ast
import re
import sys
import warnings
from dataclasses import replace

from repro_lint.finding import CellRef, Span
from repro_lint.lazy import dataclass, lazy_pattern
from repro_lint.sources.f_strings import without_later_f_strings

# How a line of Python 2 fails, in the words of CPython's parser...
_PYTHON2_MESSAGES = lazy_pattern(
    r"Missing parentheses in call to '(?:print|exec)'|leading zeros in decimal integer|multiple exception types"
)
# ... and in its own text, where the parser's words are general. In ``except A, B:`` of Python 3.14 both are classes.
_PYTHON2_LINES = lazy_pattern(
    r"""^\s*print\s+(?:["'\w]|>>)|^\s*exec\s+["'\w]|^\s*except\s+[\w.()\ ,]+,\s*[a-z_]\w*\s*:|^\s*raise\s+[\w.]+\s*,
    |[\w)\]]\s*<>\s*[\w("'\[]|(?<!\w)ur["']|(?<![\w.])0[0-7]+\b(?![.\w])|(?<![\w.])\d+[lL]\b
    |[:;]\s*print\s+["'\w]|`[\w. ]+`|\blambda\s+(?:\w+\s*,\s*)*\(\s*\w+(?:\s*,\s*\w+)*\s*\)\s*[,:]""",
    re.VERBOSE,
)


_ON_LINE = lazy_pattern(r"\bon line (\d+)")
# What later versions accept than the one that runs: a failure there may be no fault of the code.
_F_STRINGS_ARE_OLD = sys.version_info < (3, 12)
_LATER_F_STRING = lazy_pattern(r"^f-string.*(?:backslash|include '#'|nested too deeply)")
_NEWER_LINES = tuple(
    re.compile(pattern)
    for version, pattern in (
        ((3, 11), r"^\s*except\s*\*|[\w)\]]\[(?:[^\[\]]*,)?\s*\*(?!\*)|\*\s*\w+\s*:\s*\*"),
        ((3, 12), r"^\s*type\s+\w+\s*[\[=]|^\s*(?:async\s+def|def|class)\s+\w+\s*\["),
        ((3, 14), r"^\s*except\s+[\w.]+(?:\s*,\s*[A-Z\w.]+)+\s*:|(?<!\w)(?:[tT][rR]?|[rR][tT])[\"']"),
    )
    if sys.version_info < version
)


@dataclass(frozen=True)
class Failure:
    """Why a text does not parse, with the place in that text (1-based, columns in characters)."""

    message: str
    span: Span
    python2: bool = False
    newer: bool = False


@dataclass(frozen=True)
class SyntaxProblem:
    """Why a cell (for a plain script: the file) is not Python.

    ``span`` counts in the cell's source as stored, and ``cell`` says which cell that is. ``python2`` tells
    that it looks like Python 2, ``newer`` that a later Python than the one that runs may accept it, ``encoding``
    that Python cannot even decode the file.
    """

    message: str
    cell: CellRef
    span: Span
    python2: bool = False
    newer: bool = False
    encoding: bool = False


def parse(code: str, first_line: int = 1) -> list[ast.stmt] | Failure:
    """The statements of a text whose first line is numbered ``first_line``, or why there are none.

    The numbering costs nothing but line ends before the text, where shifting the nodes afterwards would
    cost a walk over the tree. The place in a failure counts from the start of the text.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like are not ours to print
            return ast.parse("\n" * (first_line - 1) + code).body
    except SyntaxError as error:
        return _judged(error, code, first_line)
    except RecursionError:
        return Failure("the code is nested too deeply to be parsed", Span(1))
    except MemoryError:
        return Failure("the code is too deeply nested or too large to be parsed", Span(1))
    except ValueError as error:  # NUL bytes, in Python before 3.12, and lone surrogates
        return Failure(str(error), Span(1))


def _judged(error: SyntaxError, code: str, first_line: int) -> Failure:
    """The failure, without regard to f-strings that a later version reads: another one, if there is one."""
    failure = _failure(error, code, first_line)
    if _F_STRINGS_ARE_OLD and not failure.newer and (rest := without_later_f_strings(code)) != code:
        other = parse(rest, first_line)
        return other if isinstance(other, Failure) else replace(failure, python2=False, newer=True)
    return failure


def _failure(error: SyntaxError, code: str, first_line: int) -> Failure:
    lines = code.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    line = min(max((error.lineno or 1) - first_line + 1, 1), len(lines))
    text = lines[line - 1]
    column = min(max(error.offset or 1, 1), len(text) + 1)
    end_line = min(max((error.end_lineno or 0) - first_line + 1, line), len(lines))
    end_column = min(max(error.end_offset or 0, 1), len(lines[end_line - 1]) + 1)
    if (end_line, end_column) <= (line, column):
        end_line, end_column = line, min(column + 1, len(text) + 1)
    message = _ON_LINE.sub(lambda m: f"on line {max(int(m[1]) - first_line + 1, 1)}", error.msg or "invalid syntax")
    python2 = bool(_PYTHON2_MESSAGES.search(message) or _PYTHON2_LINES.search(_code_of(text)))
    if "multiple exception types" in message and not _PYTHON2_LINES.search(text):
        python2 = False
    newer = not python2 and (
        (_F_STRINGS_ARE_OLD and bool(_LATER_F_STRING.search(message))) or any(p.search(text) for p in _NEWER_LINES)
    )
    return Failure(message, Span(line, column, end_line, end_column), python2, newer)


def _code_of(line: str) -> str:
    """The line with the content of its simple strings and its comment taken out."""
    line = re.sub(r"""(["'])(?:[^\\"'#]|\\.)*\1""", r"\1\1", line)
    return line if line.count('"') % 2 or line.count("'") % 2 else line.split("#", 1)[0]

"""The exception that a cell ended in, as its stored output tells it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from repro_lint.api import NotebookCell, Span, dataclass, lazy_pattern
from repro_lint_rules.notebooks.stored_run import is_error, text_of

_MOST_SHOWN = 100
_LAST_PARTS, _LAST_CHARACTERS = 8, 1000
_NAMELESS = ("", "error", "Error", "ERROR")
"""What kernels put for the name of an exception that has none: R's, and others'."""
_ESCAPE = lazy_pattern(r"\x1b\[[0-9;?]*[ -/]*[@-~]|[\x00-\x08\x0b-\x1f\x7f]")
_USER_INFO = lazy_pattern(r"(?<=://)[^/\s@]+(?=@)")
_CHAINED = lazy_pattern(
    r"During handling of the above exception, another exception occurred:"
    r"|The above exception was the direct cause of the following exception:"
)
_ARROW = lazy_pattern(r"(?m)^-+> ?(\d+) (.*)$")
_SYNTAX = lazy_pattern(r"(?m)\bline (\d+)\)?:?\n[ \t]*(\S.*)$")
_FRAME = lazy_pattern(r"<ipython-input-(\d+)-|\bIn ?\[(\d+)\]")
_INTERRUPTED = lazy_pattern(r"(?:^|\n)KeyboardInterrupt:?\s*$")


@dataclass(frozen=True)
class Failure:
    """How a cell ended: the exception and the first line of its text, and the line of the cell where it is known.

    ``counts`` are the execution counts of the cells whose code the traceback runs through.
    """

    text: str
    interrupted: bool = False
    span: Span | None = None
    counts: frozenset[int] = frozenset()


def failure_of(cell: NotebookCell) -> Failure | None:
    """The failure that the cell's outputs keep, or None."""
    for output in cell.outputs:
        if is_error(output):
            name = _plain(text_of(output.get("ename"))).strip()
            interrupted = name == "KeyboardInterrupt"
            text, traceback = _described(name, text_of(output.get("evalue"))), _traceback(output)
            counts = frozenset(int(match[1] or match[2]) for match in _FRAME.finditer(traceback))
            return Failure(text, interrupted, _failed_line(cell, traceback), counts)
    streams = [output for output in cell.outputs if output["output_type"] == "stream"]
    errors = [stream.get("text") for stream in streams if stream.get("name", stream.get("stream")) == "stderr"]
    if errors and _INTERRUPTED.search(_end(errors[-1])):
        return Failure("KeyboardInterrupt", interrupted=True)
    return None


def _end(text: Any) -> str:
    """The last lines of a stream, which can be very long."""
    return text_of(text[-_LAST_PARTS:] if isinstance(text, list) else text)[-_LAST_CHARACTERS:]


def _described(name: str, value: str) -> str:
    lines = [line.strip() for line in _plain(value).splitlines()]
    first = _USER_INFO.sub("***", next((line for line in lines if line), ""))
    if len(first) > _MOST_SHOWN:
        first = first[:_MOST_SHOWN].rstrip() + "..."
    if name in _NAMELESS:
        return first or name or "an error"
    return f"{name}: {first}" if first else name


def _traceback(output: dict[str, Any]) -> str:
    stored = output.get("traceback")
    return _plain("\n".join(part for part in stored if isinstance(part, str)) if isinstance(stored, list) else "")


def _failed_line(cell: NotebookCell, traceback: str) -> Span | None:
    """The line that the outermost frame of the traceback points at, if the cell has that very text there."""
    last = _CHAINED.split(traceback)[-1]
    for number, code in _pointers(last):
        line = cell.line_map.line(number) if number <= len(cell.line_map) else ""
        if line.strip() and line.strip() == code.strip():
            column = len(line) - len(line.lstrip()) + 1
            return Span(number, column, number, len(line.rstrip()) + 1)
    return None


def _pointers(traceback: str) -> Iterator[tuple[int, str]]:
    """The first arrow of IPython; else what stands below ``line 3`` for an error of syntax."""
    if match := _ARROW.search(traceback):
        yield int(match[1]), match[2]
    else:
        for match in _SYNTAX.finditer(traceback):
            yield int(match[1]), match[2]


def _plain(text: str) -> str:
    return _ESCAPE.sub("", text)

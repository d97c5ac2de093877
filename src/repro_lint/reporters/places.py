"""Where a finding is, for formats that show it on the file as it is stored."""

from __future__ import annotations

from collections.abc import Iterable

from repro_lint.diagnostics import Diagnostic, Location, Span
from repro_lint.reporters import Look


def repository_path(place: Location, look: Look) -> str:
    """The path from the top of the repository, with slashes; ``"."`` for the repository as a whole."""
    if place.path == ".":
        return look.prefix.rstrip("/") or "."
    return look.prefix + place.path


def plain(look: Look) -> Look:
    """The look of a text without colours whose paths begin at the top of the repository."""
    return Look(path=lambda path: look.prefix + path, prefix=look.prefix, quiet=look.quiet)


def stored_span(place: Location) -> Span | None:
    """The span in the file as it is stored, which for a notebook is its JSON; None for a whole file.

    The end is left out where it lies before the start: platforms refuse a whole report for one such span.
    """
    span = place.physical
    if span is None:
        if place.line is None:
            return None
        span = Span(line=place.line, column=place.column or 1, end_line=place.end_line, end_column=place.end_column)
    end = (span.end_line or span.line, span.end_column or span.column)
    return span if end >= (span.line, span.column) else Span(line=span.line, column=span.column)


def in_cell(place: Location) -> str:
    """``cell 4, line 2`` for a place in a notebook, else an empty string."""
    if place.cell is None:
        return ""
    return f"cell {place.cell.index}" + (f", line {place.line}" if place.line else "")


def addressed(place: Location, text: str) -> str:
    """The text; for a place in a notebook it begins with the cell, which the line of the file does not tell."""
    cell = in_cell(place)
    return f"{cell}: {text}" if cell else text


def most_severe_first(diagnostics: Iterable[Diagnostic]) -> list[Diagnostic]:
    """The diagnostics that count, errors before warnings before notes, otherwise in their order."""
    return sorted((d for d in diagnostics if d.counts), key=lambda d: -d.severity.rank)

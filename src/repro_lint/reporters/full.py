"""Findings with the source they are about, notebook cells included."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repro_lint.grades import Severity
from repro_lint.report import Report
from repro_lint.reporters import Look
from repro_lint.reporters.summary import render_summary
from repro_lint.terminal import Style, printable, width

if TYPE_CHECKING:
    from repro_lint.diagnostics import Diagnostic, Location

_COLOR = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}
_WINDOW = 140
_RELATED_SHOWN = 6


def render(report: Report, look: Look) -> str:
    """The findings that count, then the summary."""
    blocks = [render_diagnostic(d, look) + "\n\n" for d in report.diagnostics if d.counts]
    return "".join(blocks) + ("" if look.quiet else render_summary(report, look))


def render_diagnostic(diagnostic: Diagnostic, look: Look | None = None) -> str:
    """One finding: what, where, the line itself, further places, and what to do."""
    look = look or Look()
    style, place = look.style, diagnostic.location
    color = _COLOR[diagnostic.severity]
    head = style(f"{diagnostic.severity}[{diagnostic.rule}]", "bold", color)
    lines = [f"{head} {diagnostic.code}: {style(printable(diagnostic.message), 'bold')}"]
    gutter = len(str(place.line or ""))
    lines.append(f"{' ' * gutter} {style('-->', 'blue')} {address(place, look)}{_in_file(place)}")
    lines += _frame(place, style, color, gutter)
    margin = " " * (gutter + 2)
    related = diagnostic.locations[1:]
    for other in related[:_RELATED_SHOWN]:
        lines.append(f"{margin}{style('=', 'blue')} {address(other, look)}: {printable(other.label or '')}")
    if len(related) > _RELATED_SHOWN:
        lines.append(f"{margin}{style('=', 'blue')} and {len(related) - _RELATED_SHOWN} more places")
    lines.append(f"{margin}{style('=', 'blue')} {style('help', 'bold')}: {printable(diagnostic.help)}")
    return "\n".join(lines)


def address(place: Location, look: Look) -> str:
    """``path:line:column``, or ``path:cell 4:line:column``; the path alone for a whole file."""
    parts = [printable(look.path(place.path))]
    if place.cell:
        parts.append(f"cell {place.cell.index}")
    if place.line:
        parts += [str(place.line), str(place.column or 1)]
    return ":".join(parts)


def _in_file(place: Location) -> str:
    if place.cell and place.physical:
        return f"   (line {place.physical.line} of the file)"
    return ""


def _frame(place: Location, style: Style, color: str, gutter: int) -> list[str]:
    if place.line is None or not place.excerpt:
        return []
    text = place.excerpt[0]
    start = min((place.column or 1) - 1, len(text))
    one_line = place.end_line in (None, place.line)
    end = place.end_column - 1 if one_line and place.end_column else len(text)
    end = max(min(end, len(text)), start)
    # A minified line would fill the screen: show the part of it that matters.
    left = max(0, start - _WINDOW // 3) if len(text) > _WINDOW else 0
    window = text[left : left + _WINDOW]
    before = ("…" if left else "") + printable(window[: start - left])
    marked = printable(window[start - left : end - left])
    after = printable(window[end - left :]) + ("…" if left + _WINDOW < len(text) else "")
    bar = style("|", "blue")
    pad = " " * (gutter + 1)
    carets = " " * width(before) + style("^" * max(1, width(marked)), color)
    more = [] if one_line else [f"{pad} {bar} …"]
    return [
        f"{pad} {bar}",
        f" {style(str(place.line), 'blue')} {bar} {before}{marked}{after}".rstrip(),
        f"{pad} {bar} {carets}",
        *more,
    ]

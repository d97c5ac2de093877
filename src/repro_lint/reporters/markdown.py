"""Markdown for the summary of a job or the comment on a pull request: findings by rung and rule, cells addressed.

One text serves both, so it keeps to the smaller limit. What comes from the checked files is written so that it cannot
become markup, a mention or a formula.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import groupby
from urllib.parse import quote

from repro_lint.diagnostics import Diagnostic, Location
from repro_lint.grades import Severity
from repro_lint.report import Report
from repro_lint.reporters import Look
from repro_lint.reporters.places import in_cell, plain, repository_path
from repro_lint.reporters.summary import plural, render_summary
from repro_lint.terminal import printable

MARKER = "<!-- repro-lint -->"
"""The first line, by which a comment of an earlier run is found and replaced."""
MAX_BYTES = 65_536
"""A comment may have as many characters; the summary of a step 1 MiB."""
MAX_FINDINGS = 500
_MAX_TEXT = 400
_RELATED_SHOWN = 3
_URL = ":/?#@!$&*+,;=%~"
_SPAN = re.compile(r"`([^`]+)`")
# An underscore inside a word is none: names stay readable, and addresses whole.
_MARKUP = re.compile(r"[\\`*\[\]~<>&|$@#]|(?<![A-Za-z0-9])_|_(?![A-Za-z0-9])")
_ESCAPES = {
    "<": "&lt;",
    ">": "&gt;",
    "&": "&amp;",
    "|": "&#124;",
    "$": "<span>$</span>",  # else a formula begins
    "@": "@<!-- -->",  # else somebody is mentioned
    "#": "#<!-- -->",  # else an issue is
}


def render(report: Report, look: Look) -> str:
    """The most severe findings that there is room for, then the suppressed ones with their reasons."""
    counting = sorted((d for d in report.diagnostics if d.counts), key=lambda d: (-d.severity.rank, d.level, d.rule))
    shown = (counting + _suppressed(report.diagnostics))[:MAX_FINDINGS]
    text = _document(report, look, shown)
    while shown and (size := len(text.encode())) > MAX_BYTES:
        shown = shown[: len(shown) * MAX_BYTES // size]
        text = _document(report, look, shown)
    return text


def _suppressed(diagnostics: Sequence[Diagnostic]) -> list[Diagnostic]:
    return [d for d in diagnostics if d.disposition.state == "suppressed"]


def _document(report: Report, look: Look, shown: Sequence[Diagnostic]) -> str:
    counts, *rest = render_summary(report, plain(look)).splitlines()
    blocks = [MARKER, f"### {report.tool.name}: {_text(counts)}", *map(_summary_line, rest)]
    counting = sorted((d for d in shown if d.counts), key=lambda d: (d.level, d.rule))
    for rung, of_rung in groupby(counting, key=lambda d: d.level):
        blocks.append(f"#### {rung}")
        for _, of_rule in groupby(of_rung, key=lambda d: d.rule):
            blocks += _rule(list(of_rule), look)
    if left_out := report.summary.findings - len(counting):
        blocks.append(
            f"**{plural(left_out, 'more finding')}** not shown here: the `json` and `sarif` formats have all."
        )
    if total := report.summary.suppressed:
        blocks += _suppressions(total, _suppressed(shown), look)
    return "\n\n".join(blocks) + "\n"


def _summary_line(line: str) -> str:
    return f"- {_text(line)}" if line.startswith(" ") else _text(line)


def _rule(found: Sequence[Diagnostic], look: Look) -> list[str]:
    """The blocks for the findings of one rule: what it is, and a table of places."""
    first = found[0]
    name = f"[{_text(first.rule)}](<{quote(first.url, safe=_URL)}>)" if first.url else _text(first.rule)
    severities = [sum(d.severity == severity for d in found) for severity in reversed(Severity)]
    counts = ", ".join(plural(n, str(s)) for n, s in zip(severities, reversed(Severity), strict=True) if n)
    head = f"**{name}** {_text(first.code)} · {counts}"
    if len({d.why for d in found}) == 1:
        head += f" · {_text(first.why)}"
    columns: dict[str, Callable[[Diagnostic], str]] = {"where": lambda d: _where(d.location, look)}
    columns["what"] = lambda d: _what(d, look)
    if len({d.help for d in found}) == 1:
        head += f"<br>What to do: {_text(first.help)}"
    else:
        columns["what to do"] = lambda d: _text(d.help)
    return [head, _table(columns, found)]


def _suppressions(total: int, shown: Sequence[Diagnostic], look: Look) -> list[str]:
    left_out = f", {total - len(shown)} of them not shown" if len(shown) < total else ""
    columns: dict[str, Callable[[Diagnostic], str]] = {
        "where": lambda d: _where(d.location, look),
        "rule": lambda d: _text(d.rule),
        "by": lambda d: d.disposition.by or "",
        "reason": lambda d: _text(d.disposition.reason or "none given"),
    }
    table = [_table(columns, shown)] if shown else []
    summary = f"<summary>{plural(total, 'suppressed finding')}{left_out}</summary>"
    return [f"<details>{summary}", *table, "</details>"]


def _table(columns: dict[str, Callable[[Diagnostic], str]], rows: Sequence[Diagnostic]) -> str:
    lines = [columns, ["---"] * len(columns), *([cell(row) for cell in columns.values()] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _where(place: Location, look: Look) -> str:
    path = repository_path(place, look)
    if cell := in_cell(place):
        return f"{_code(path)} {cell}"
    return _code(f"{path}:{place.line}" if place.line else path)


def _what(diagnostic: Diagnostic, look: Look) -> str:
    """The message, and below it the first of the further places, those in the same notebook without its path."""
    primary, *related = diagnostic.locations
    lines = [_text(diagnostic.message)]
    for place in related[:_RELATED_SHOWN]:
        where = in_cell(place) if place.path == primary.path else ""
        lines.append(f"{where or _where(place, look)}: {_text(place.label or '')}")
    if len(related) > _RELATED_SHOWN:
        lines.append(f"and {plural(len(related) - _RELATED_SHOWN, 'more place')}")
    return "<br>".join(lines)


def _text(text: str) -> str:
    """One line of prose that reads as it was written; what is between backticks becomes code."""
    text = _one_line(text)
    parts = _SPAN.split(text)  # every second one was between backticks
    return "".join(_code(part) if number % 2 else _escaped(part) for number, part in enumerate(parts))


def _code(text: str) -> str:
    text = _one_line(text)
    if "`" in text or "|" in text or text != text.strip():
        return f"<code>{_escaped(text)}</code>"
    return f"`{text}`" if text else ""


def _escaped(text: str) -> str:
    return _MARKUP.sub(lambda match: _ESCAPES.get(match[0], "\\" + match[0]), text)


def _one_line(text: str) -> str:
    text = printable(" ".join(text.split()))
    return text if len(text) <= _MAX_TEXT else text[: _MAX_TEXT - 1] + "…"

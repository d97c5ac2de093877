"""The last lines of text output: the counts and the ladder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from repro_lint.report import Ladder, Report, Summary
from repro_lint.terminal import Style


def render_summary(report: Report, style: Style) -> str:
    """What was found (or what was looked at), which notebooks only from outside, and the level that is reached."""
    summary = report.summary
    head = _counts(report) if summary.findings else _clean(report)
    tail = _set_aside(summary)
    counts = head + (f" ({tail})" if tail and not summary.findings else "")
    return "\n".join((style(counts, "bold"), *_foreign(report), _ladder(summary.ladder), ""))


def plural(count: int, noun: str) -> str:
    """``1 file``, ``2 files``."""
    return f"{count} {noun}" + ("" if count == 1 else "s")


def _counts(report: Report) -> str:
    summary = report.summary
    named = (("error", summary.errors), ("warning", summary.warnings), ("note", summary.notes))
    severities = ", ".join(plural(count, noun) for noun, count in named if count)
    details = "; ".join(part for part in (severities, _set_aside(summary)) if part)
    where = plural(summary.files_with_findings, "file")
    found = plural(summary.findings, "new finding" if report.comparison else "finding")
    return f"{found} in {where} ({details})"


def _set_aside(summary: Summary) -> str:
    named = (
        ("existing", summary.existing),
        ("touched", summary.touched),
        ("fixed", summary.fixed),
        ("baselined", summary.baselined),
        ("suppressed", summary.suppressed),
    )
    parts = [", ".join(f"{count} {noun}" for noun, count in named if count)]
    if summary.below_min_confidence:
        parts.append(f"{summary.below_min_confidence} below the minimum confidence")
    return "; ".join(part for part in parts if part)


def _clean(report: Report) -> str:
    summary = report.summary
    notebooks = f", {plural(len(report.notebooks), 'notebook')} among them" if report.notebooks else ""
    rules = plural(summary.rules_run, "rule")
    none = f"no new findings since {report.comparison.commit[:12]}" if report.comparison else "no findings"
    return f"{none}: {plural(summary.files_checked, 'file')} checked{notebooks}, with {rules}"


def _foreign(report: Report) -> Iterator[str]:
    """A line on the notebooks whose code no rule reads."""
    languages = Counter(notebook.language for notebook in report.notebooks)
    foreign = {name: count for name, count in sorted(languages.items(), key=str) if name not in ("python", None)}
    if foreign:
        named = ", ".join(f"{name} ×{count}" for name, count in foreign.items())
        yield f"not looked into: the code of {plural(sum(foreign.values()), 'notebook')} in other languages ({named})"


def _ladder(ladder: Ladder) -> str:
    if not ladder.judged:
        return "level: not judged, because only some of the rules or files were looked at"
    reached = f"level reached: {ladder.reached or 'none yet'}"
    if ladder.next is None:
        return reached
    if not ladder.blocked_by:
        return f"{reached} · next: {ladder.next} (see it with --level {ladder.next})"
    blockers = ", ".join(rule + (f" ×{count}" if count > 1 else "") for rule, count in ladder.blocked_by.items())
    return f"{reached} · next: {ladder.next} (blocked by {blockers})"

"""The last lines of text output: the counts, which notebooks would stop, and the ladder."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from repro_lint.report import Ladder, Report, Summary
from repro_lint.reporters import Look
from repro_lint.terminal import printable
from repro_lint.verdict import Judgement

_NOTEBOOKS_SHOWN = 5


def render_summary(report: Report, look: Look) -> str:
    """What was found (or what was looked at), what becomes of the notebooks, and the level that is reached."""
    summary = report.summary
    head = _counts(report) if summary.findings else _clean(report)
    tail = _set_aside(summary)
    counts = head + (f" ({tail})" if tail and not summary.findings else "")
    lines = (look.style(counts, "bold"), *_verdicts(report, look), *_foreign(report), _ladder(summary.ladder), "")
    return "\n".join(lines)


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


def _verdicts(report: Report, look: Look) -> Iterator[str]:
    """How many notebooks would not run, and where the first of them stop; nothing where all is well."""
    stops = [(n, stop) for n in report.notebooks if (stop := n.verdict.stops or n.verdict.may_stop)]
    if report.comparison:
        new = {d.fingerprint for d in report.diagnostics if d.counts}
        stops = [(notebook, stop) for notebook, stop in stops if stop.fingerprint in new]
        if stops:
            yield f"notebooks, run from the top: {len(stops)} would stop, or may, where the findings are new"
    elif stops:
        yield _tally(report.summary.notebooks)
    for notebook, stop in stops[:_NOTEBOOKS_SHOWN]:
        verb = "stops" if notebook.verdict.stops else "may stop"
        where = f"at cell {stop.cell.index}" if stop.cell else "before its first cell"
        message = f"{printable(stop.message)} [{stop.rule}]"
        yield f"  {printable(look.path(notebook.path))} {verb} {where}: {message}"
    if len(stops) > _NOTEBOOKS_SHOWN:
        yield f"  and {len(stops) - _NOTEBOOKS_SHOWN} more: the json format has all"


def _tally(outcomes: Mapping[Judgement, int]) -> str:
    judged = sum(count for outcome, count in outcomes.items() if outcome != "not-judged")
    told: tuple[tuple[Judgement, str], ...] = (
        ("stops", "would stop"),
        ("may-stop", "may stop"),
        ("needs-data", "in need of data that are not here"),
        ("needs-network", "in need of the network"),
    )
    parts = [f"{outcomes[outcome]} {what}" for outcome, what in told if outcomes.get(outcome)]
    if well := outcomes.get("nothing-found"):
        parts.append(f"nothing found that stops the other {well}" if well > 1 else "nothing found that stops the other")
    return f"{plural(judged, 'notebook')}, run from the top: {', '.join(parts)}"


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
